#pragma once

#include "app/models/log_model.h"

namespace tend {

// The ten-second remark: words, and who said them if that is known. What is typed is kept by the
// journal as a draft, as the Log sheet's is.
class RemarkModel final : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("AppState owns it")
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged FINAL)
    Q_PROPERTY(QString words READ words WRITE setWords NOTIFY edited FINAL)
    Q_PROPERTY(tend::PeopleRows *people READ people CONSTANT FINAL)
    Q_PROPERTY(QString wordsError READ wordsError NOTIFY errorChanged FINAL)
public:
    RemarkModel(PageContext &context, QObject *parent);

    [[nodiscard]] bool isOpen() const { return m_open; }

    [[nodiscard]] QString words() const { return m_words; }

    void setWords(const QString &words);

    [[nodiscard]] PeopleRows *people() { return &m_people; }

    [[nodiscard]] QString wordsError() const { return m_error; }

    // Opens the sheet on what was being written, or empty.
    void begin(const QString &customerId);
    // Says who it was; the chosen one again takes it back.
    Q_INVOKABLE void choose(const QString &customerId);
    Q_INVOKABLE void save();
    // Closes the sheet; what was written stays as a draft.
    Q_INVOKABLE void close();
    // Writes the draft now: the program may be stopped any moment.
    void keepNow();

signals:
    void openChanged();
    void edited();
    void errorChanged();
    void saved(const QString &remarkId);

private:
    void showPeople();
    void setError(const QString &error);
    void touched();

    PageContext &m_context;
    bool m_open = false;
    bool m_saving = false;
    bool m_dirty = false;
    QTimer m_keep;
    QString m_words;
    QString m_customerId;
    QString m_error;
    std::vector<CustomerRow> m_guesses;
    PeopleRows m_people;
};

}  // namespace tend
