#include "app/models/words.h"

// The sentences of Words that say where the notes are.
namespace tend {

using replica::ErrorCode;

QString Words::waiting(int count, Device device)
{
    return device == Device::Phone ? tr("%n note(s) wait on this phone", "", count)
                                   : tr("%n note(s) wait on this laptop", "", count);
}

QString Words::syncLine(const SyncState &state, Device device)
{
    if (state.phase == SyncPhase::NeedsPerson)
        return syncTitle(state, device) + QLatin1Char('.');
    if (state.notSentSince)
        return syncTitle(state, device) + QLatin1Char('.');
    if (state.phase != SyncPhase::Offline)
        return {};
    return state.waiting == 0 ? tr("Offline. Nothing waits here.")
                              : tr("Offline. %1.").arg(waiting(state.waiting, device));
}

QString Words::syncTitle(const SyncState &state, Device device)
{
    switch (state.phase) {
    case SyncPhase::NoServer:
        return device == Device::Phone ? tr("All on this phone") : tr("All on this laptop");
    case SyncPhase::NeedsPerson:
        switch (state.problem.value_or(ErrorCode::Unauthorized)) {
        case ErrorCode::TooNew:
            return tr("Update the app or the server");
        case ErrorCode::Untrusted:
            return tr("This server could not prove who it is");
        case ErrorCode::Full:
            return tr("The disk is full");
        default:
            return tr("Join again to send");
        }
    case SyncPhase::Idle:
    case SyncPhase::Working:
    case SyncPhase::Offline:
        break;
    }
    if (state.notSentSince)
        return tr("Not sent since %1").arg(Calendar::clockWords(*state.notSentSince));
    if (state.waiting > 0)
        return waiting(state.waiting, device);
    if (const int asked = state.conflicts + state.refused; asked > 0)
        return tr("%n thing(s) need you", "", asked);
    return state.phase == SyncPhase::Offline ? tr("Offline, and nothing waits")
                                             : tr("All on the server");
}

QString Words::syncDetail(const SyncState &state, Device device, const Calendar &calendar)
{
    const QString synced = state.lastSyncedAt
        ? tr("Last synced %1.").arg(calendar.ago(*state.lastSyncedAt))
        : tr("Not synced yet.");
    switch (state.phase) {
    case SyncPhase::NoServer:
        return tr("No server yet, and none is needed. Join your team when you like.");
    case SyncPhase::NeedsPerson:
        if (state.problem == ErrorCode::Untrusted)
            return tr("Nothing was sent. You can keep working.");
        return state.waiting > 0
            ? tr("Your %n note(s) are safe here. You can keep working.", "", state.waiting)
            : tr("You can keep working.");
    case SyncPhase::Working:
    case SyncPhase::Idle:
    case SyncPhase::Offline:
        break;
    }
    if (state.notSentSince)
        return tr("The server answers, but takes nothing; Tend began anew. Your %n note(s) are "
                  "safe here.",
            "", state.waiting);
    if (state.phase == SyncPhase::Working)
        return tr("Talking to the server now.");
    if (state.waiting == 0)
        return synced;
    if (!state.oldestWaitingAt)
        return tr("Sends by itself once connected.");
    QString oldest = calendar.moment(*state.oldestWaitingAt);
    if (Calendar::local(*state.oldestWaitingAt).date() == Calendar::date(calendar.today()))
        oldest = Calendar::clockWords(*state.oldestWaitingAt);
    Q_UNUSED(device);
    return tr("Oldest from %1. Sends by itself once connected.").arg(oldest);
}

QString Words::saved(const SyncState &state, Device device)
{
    if (state.phase == SyncPhase::NoServer)
        return device == Device::Phone ? tr("Saved on this phone.") : tr("Saved on this laptop.");
    return device == Device::Phone ? tr("Saved. On this phone, waiting.")
                                   : tr("Saved. On this laptop, waiting.");
}

}  // namespace tend
