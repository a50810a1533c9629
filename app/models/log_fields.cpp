#include <chrono>

#include "app/models/log_model.h"

// The plain fields of the Log sheet.
namespace tend {

void LogModel::setKind(int kind)
{
    if (kind == LogModel::kind())
        return;
    m_draft.kind = static_cast<VisitKind>(kind);
    if (m_draft.kind != VisitKind::Call) {
        m_draft.outcome = Outcome::Met;
        m_draft.direction = Direction::Us;
    }
    touched();
}

int LogModel::answer() const
{
    switch (m_draft.outcome) {
    case Outcome::NoAnswer:
        return NoAnswer;
    case Outcome::LeftMessage:
        return LeftMessage;
    case Outcome::Met:
        break;
    }
    return m_draft.direction == Direction::Them ? TheyCalled : Talked;
}

void LogModel::setAnswer(int answer)
{
    if (answer == LogModel::answer())
        return;
    m_draft.outcome = answer == NoAnswer ? Outcome::NoAnswer
        : answer == LeftMessage          ? Outcome::LeftMessage
                                         : Outcome::Met;
    m_draft.direction = answer == TheyCalled ? Direction::Them : Direction::Us;
    if (m_draft.outcome != Outcome::Met)
        m_draft.feeling.reset();  // nobody was reached, so nobody felt anything
    touched();
}

void LogModel::setFeeling(int feeling)
{
    if (feeling == LogModel::feeling())
        return;
    m_draft.feeling = feeling == DidntSay ? Feeling() : Feeling(feeling);
    touched();
}

void LogModel::setTheySaidSo(bool theySaidSo)
{
    if (theySaidSo == m_draft.theySaidSo)
        return;
    m_draft.theySaidSo = theySaidSo;
    touched();
}

void LogModel::setSaid(const QString &said)
{
    if (said == LogModel::said())
        return;
    m_draft.said = said.toStdString();
    touched();
}

void LogModel::setImpression(const QString &impression)
{
    if (impression == LogModel::impression())
        return;
    m_draft.impression = impression.toStdString();
    touched();
}

void LogModel::setNextStep(const QString &nextStep)
{
    if (nextStep == LogModel::nextStep())
        return;
    m_draft.nextStep = nextStep.toStdString();
    touched();
}

int LogModel::nextStepIn() const
{
    if (!m_draft.nextStepOn)
        return 0;
    return static_cast<int>(*m_draft.nextStepOn) - static_cast<int>(m_context.calendar.today());
}

void LogModel::setNextStepIn(int days)
{
    if (days == nextStepIn())
        return;
    m_draft.nextStepOn.reset();
    if (days > 0)
        m_draft.nextStepOn = Day{static_cast<int>(m_context.calendar.today()) + days};
    touched();
}

void LogModel::setWhen(int when)
{
    const QDateTime now = Calendar::local(m_context.calendar.now());
    const auto at = [this](const QDateTime &time) {
        m_draft.startedAt = WallTime{time.toMSecsSinceEpoch()};
    };
    switch (when) {
    case HourAgo:
        at(now.addSecs(-3600));
        break;
    case ThisMorning:
        at(QDateTime(now.date(), QTime(9, 0)));
        break;
    case Yesterday:
        at(now.addDays(-1));
        break;
    case AsWritten:
        break;
    default:
        m_draft.startedAt.reset();
        break;
    }
    m_when = static_cast<When>(when);
    touched();
}

QString LogModel::whenLine() const
{
    QString moment
        = m_context.calendar.moment(m_draft.startedAt.value_or(m_context.calendar.now()));
    moment.front() = moment.front().toUpper();
    return moment;
}

}  // namespace tend
