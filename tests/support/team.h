#pragma once

#include <memory>
#include <string>
#include <vector>

#include <QTemporaryDir>

#include "tests/support/desk.h"
#include "tests/support/server_process.h"

namespace replica::test {

[[nodiscard]] inline QByteArray json(const Json &object)
{
    return QByteArray::fromStdString(object.dump());
}

// The people of one workspace, each with a replica of their own, and the server between them. What
// cannot be set up ends the test. One thread.
class Team {
public:
    // A new folder, and a server that answers.
    void gather()
    {
        disband();
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        auto made = ServerProcess::make();
        if (!made || !(*made)->start())
            qFatal("no server");
        m_server = *std::move(made);
    }

    void disband() { m_server.reset(); }

    [[nodiscard]] ServerProcess &server() const { return *m_server; }

    [[nodiscard]] QString path(const QString &name = {}) const { return m_folder->filePath(name); }

    [[nodiscard]] Desk joined(const QString &name, const std::string &role = "rep") const
    {
        Desk desk(m_folder->path(), name);
        const auto invitation = m_server->invite(name.toStdString(), role);
        if (!invitation || desk.run({"join", QString::fromStdString(*invitation)}).code != 0
            || !desk.sync())
            qFatal("%s cannot join", qPrintable(name));
        return desk;
    }

    static std::string add(const Desk &desk, const QString &table, const Json &row)
    {
        const QString id = desk.put(table, json(row));
        if (id.isEmpty())
            qFatal("%s was not written", qPrintable(table));
        return id.toStdString();
    }

    static std::string addVisit(const Desk &desk, const std::string &customer,
        const std::string &day, const Json &more = Json::object())
    {
        Json row{{"customer_id", customer}, {"kind", "face_to_face"}, {"outcome", "met"},
            {"started_at", day + "T09:00:00Z"}, {"on_day", day}};
        row.update(more);
        return add(desk, "visit", row);
    }

    [[nodiscard]] static std::vector<Json> told(const Desk &desk, const QStringList &verb)
    {
        const Done done = desk.run(verb + QStringList{"--json"});
        if (done.code != 0)
            qFatal("%s", done.err.constData());
        return done.lines();
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ServerProcess> m_server;
};

}  // namespace replica::test
