#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace replica::test {

using Json = nlohmann::json;

// What a run of tendctl left.
struct Done {
    int code = -1;
    QByteArray out;
    QByteArray err;

    [[nodiscard]] std::vector<Json> lines() const
    {
        std::vector<Json> found;
        for (const QByteArray &line : out.split('\n')) {
            if (!line.isEmpty())
                found.push_back(Json::parse(line.toStdString()));
        }
        return found;
    }
};

// One replica in a file, worked by the real tendctl, whose path is TENDCTL_PROGRAM. One thread.
class Desk {
public:
    Desk(const QString &folder, const QString &name)
        : m_file(folder + '/' + name + ".db")
    {
    }

    [[nodiscard]] QStringList with(const QStringList &verb) const
    {
        return QStringList{"--replica", m_file, "--plaintext"} + verb;
    }

    [[nodiscard]] Done run(const QStringList &verb, const QByteArray &input = {}) const
    {
        QProcess process;
        process.start(TENDCTL_PROGRAM, with(verb));
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60'000))
            return {};
        return {
            process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

    [[nodiscard]] QString put(const QString &table, const QByteArray &line) const
    {
        const Done done = run({"put", table}, line);
        return done.code == 0 ? QString::fromStdString(done.lines().at(0)["id"]) : QString();
    }

    [[nodiscard]] QByteArray everything() const
    {
        QByteArray all;
        for (const char *table : {"customer", "visit", "remark", "member", "device"})
            all += run({"get", table}).out;
        return all;
    }

    [[nodiscard]] Json status() const { return run({"status", "--json"}).lines().at(0); }

    [[nodiscard]] bool sync() const { return run({"sync"}).code == 0; }

    [[nodiscard]] const QString &file() const { return m_file; }

private:
    QString m_file;
};

}  // namespace replica::test
