// Files with the real programs: cut in the middle by kill -9 on either side, gone on with at the
// chunk, the same picture twice, letting go at both ends, and what strangers and liars are told.
#include <csignal>
#include <filesystem>

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "sync/base/random.h"
#include "sync/crypto/device_key.h"
#include "sync/net/enrol.h"
#include "sync/protocol/file_messages.h"
#include "tests/support/desk.h"
#include "tests/support/raw_tls.h"
#include "tests/support/server_process.h"

using replica::Bytes;
using replica::test::Desk;
using replica::test::Done;
using replica::test::Json;
using replica::test::RawTls;
using replica::test::ServerProcess;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t chunk = 256 * 1024;
constexpr replica::TableId attachmentTable{21};

QByteArray json(const Json &object)
{
    return QByteArray::fromStdString(object.dump());
}

// Octets under this folder in files of this exact length of name: whole chunks and nothing else.
int chunksUnder(const fs::path &folder, std::size_t nameLength)
{
    int count = 0;
    std::error_code none;
    for (const auto &entry : fs::recursive_directory_iterator(folder, none))
        count
            += entry.is_regular_file(none) && entry.path().filename().string().size() == nameLength;
    return count;
}

bool holdsWords(const fs::path &folder, const QByteArray &words)
{
    std::error_code none;
    for (const auto &entry : fs::recursive_directory_iterator(folder, none)) {
        QFile file(QString::fromStdString(entry.path().string()));
        if (entry.is_regular_file(none) && file.open(QIODevice::ReadOnly)
            && file.readAll().contains(words))
            return true;
    }
    return false;
}

// A key of its own that says what no tendctl would.
struct Liar {
    std::optional<replica::crypto::DeviceKey> key;
    replica::net::Peer peer;

    [[nodiscard]] bool join(const std::string &invitation)
    {
        const auto link = replica::parseInvitation(invitation);
        key = replica::crypto::DeviceKey::generate().value();
        peer = {link->server, link->pins, key->selfSignedCertificate("liar").value(),
            key->toPem().value()};
        return replica::net::enrol(peer, {replica::protocolVersion, link->secret, "liar"})
            .has_value();
    }

    [[nodiscard]] std::string ask(
        std::uint16_t port, const char *route, const Bytes &body, bool showsKey = true) const
    {
        RawTls::Options options;
        options.key = showsKey ? &*key : nullptr;
        const auto connection = RawTls::connect(port, options);
        if (!connection || !connection->send(replica::test::request(route, body)))
            return {};
        return connection->receive();
    }
};

}  // namespace

class AttachmentsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServerProcess> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    replica::SeededRandom m_random{1};

    [[nodiscard]] Desk joined(const QString &name, const std::string &role = "office",
        const std::vector<std::string> &territories = {})
    {
        Desk desk(m_folder->path(), name);
        const auto invitation = m_server->invite(name.toStdString(), role, territories);
        if (!invitation || desk.run({"join", QString::fromStdString(*invitation)}).code != 0)
            qFatal("%s cannot join", qPrintable(name));
        return desk;
    }

    [[nodiscard]] QString fileOf(const QString &name, const QByteArray &octets) const
    {
        QFile file(m_folder->filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(octets) != octets.size())
            qFatal("no file");
        return file.fileName();
    }

    [[nodiscard]] QByteArray noise(qsizetype size)
    {
        return QByteArray::fromStdString(m_random.bytes(static_cast<std::size_t>(size)));
    }

    [[nodiscard]] static QString attach(
        const Desk &desk, const QString &customer, const QString &file)
    {
        const Done done = desk.run({"attach", "customer", customer, file});
        return done.code == 0 ? QString::fromStdString(done.lines().at(0)["id"]) : QString();
    }

    [[nodiscard]] static Json synced(const Desk &desk)
    {
        const Done done = desk.run({"sync", "--json"});
        return done.code == 0 ? done.lines().at(0) : Json();
    }

    [[nodiscard]] static Json stateOf(const Desk &desk, const QString &id)
    {
        for (const Json &one : desk.run({"attachments", "--json"}).lines()) {
            if (one["id"] == id.toStdString())
                return one;
        }
        return {};
    }

    [[nodiscard]] static fs::path filesOf(const Desk &desk)
    {
        return desk.file().toStdString() + ".files";
    }

    [[nodiscard]] QByteArray fetched(const Desk &desk, const QString &id) const
    {
        const Done done = desk.run({"fetch-attachment", id, "--to", "-"});
        return done.code == 0 ? done.out : QByteArray();
    }

    [[nodiscard]] int chunksAtServer() const { return chunksUnder(m_server->data() / "files", 64); }

    // Starts a sync and kills it once `isEnough` says so; false when it was through before.
    [[nodiscard]] static bool killInTheMiddle(
        const Desk &desk, const std::function<bool()> &isEnough)
    {
        QProcess process;
        process.start(TENDCTL_PROGRAM, desk.with({"sync"}));
        while (process.state() != QProcess::NotRunning && !isEnough())
            process.waitForFinished(1);
        const bool wasUnderWay = process.state() != QProcess::NotRunning;
        process.kill();
        process.waitForFinished();
        return wasUnderWay && process.exitStatus() == QProcess::CrashExit;
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        auto made = ServerProcess::make();
        QVERIFY(made.has_value());
        m_server = *std::move(made);
        QVERIFY(m_server->start({"--keep-files", "2s"}).has_value());
    }

    void cleanup() { m_server.reset(); }

    // Of three pictures one is at the server, of one only the words, of one nothing.
    void aRescueFileCarriesThePicturesThatWereNotSent()
    {
        const Desk ann = joined("ann");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QString sent = attach(ann, rosa, fileOf("sent.jpg", noise(chunk)));
        QVERIFY(synced(ann)["files_waiting"] == Json(0));
        const QByteArray half = noise(2 * chunk + 5);
        const QString halfSent = attach(ann, rosa, fileOf("half.jpg", half));
        QCOMPARE(ann.run({"sync", "--no-files"}).code, 0);
        const QByteArray fresh = noise(chunk - 1);
        const QString unsent = attach(ann, rosa, fileOf("fresh.jpg", fresh));

        const QString file = m_folder->filePath("day.rescue");
        const Done rescued = ann.run({"rescue", "--to", file, "--json"});
        QCOMPARE(rescued.code, 0);
        QCOMPARE(rescued.lines().at(0)["groups"], Json(1));
        QCOMPARE(rescued.lines().at(0)["files"], Json(2));

        // Cut within the last chunk: what came before is laid in, and it says so.
        QFile whole(file);
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QString cut = fileOf("cut.rescue", whole.readAll().chopped(chunk / 2));
        const Desk other = joined("other");
        QVERIFY(synced(other)["files_waiting"] == Json(0));
        const Done cutShort = other.run({"restore", "--from", cut});
        QCOMPARE(cutShort.code, 1);
        QVERIFY2(cutShort.err.contains("cut within its files"), cutShort.err);
        QCOMPARE(stateOf(other, unsent)["name"], Json("fresh.jpg"));

        // Her next device, before it fetched anything: the row of one picture is not there yet.
        const Desk next = joined("next");
        const Done early = next.run({"restore", "--from", file});
        QCOMPARE(early.code, 1);
        QVERIFY2(early.err.contains("sync this replica first"), early.err);
        QVERIFY(next.sync());
        const Done laidIn = next.run({"restore", "--from", file});
        QVERIFY2(laidIn.code == 0, laidIn.err);
        QCOMPARE(fetched(next, halfSent), half);
        QCOMPARE(fetched(next, unsent), fresh);
        const Done again = next.run({"restore", "--from", file, "--json"});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.lines().at(0)["files"], Json(0));
        QCOMPARE(again.lines().at(0)["laid_in"], Json(0));
        QVERIFY(next.sync());
        QCOMPARE(stateOf(next, unsent)["at_server"], Json(true));
        QCOMPARE(stateOf(next, halfSent)["at_server"], Json(true));
        QCOMPARE(stateOf(next, sent)["name"], Json("sent.jpg"));
    }

    void wordsAndThumbnailAreThereBeforeTheFile()
    {
        const Desk ann = joined("ann");
        const Desk bo = joined("bo");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QByteArray octets = noise(3 * chunk + 17);
        const QString small = fileOf("small.jpg", noise(900));
        const Done attached = ann.run(
            {"attach", "customer", rosa, fileOf("door.jpg", octets), "--thumbnail", small});
        QVERIFY2(attached.code == 0, attached.err);
        const QString id = QString::fromStdString(attached.lines().at(0)["id"]);
        QCOMPARE(stateOf(ann, id)["here"], Json("whole"));
        QCOMPARE(stateOf(ann, id)["at_server"], Json(false));
        const Done words = ann.run({"sync", "--no-files", "--json"});
        QCOMPARE(words.code, 0);
        QCOMPARE(words.lines().at(0)["files_waiting"], Json(1));
        QVERIFY(words.lines().at(0)["bytes_sent"] < Json(chunk));

        const Json first = synced(bo);
        QCOMPARE(first["files_not_here_yet"], Json(1));
        QCOMPARE(stateOf(bo, id)["here"], Json("no"));
        QCOMPARE(stateOf(bo, id)["has_thumbnail"], Json(true));
        const Done tooEarly = bo.run({"fetch-attachment", id, "--to", "-"});
        QCOMPARE(tooEarly.code, 1);
        QVERIFY(tooEarly.err.contains("not here yet"));

        QCOMPARE(synced(ann)["files_sent"], Json(1));
        QCOMPARE(stateOf(ann, id)["at_server"], Json(true));
        QVERIFY(fetched(bo, id) == octets);
        const QString to = m_folder->filePath("out.jpg");
        QCOMPARE(bo.run({"fetch-attachment", id, "--to", to}).code, 0);
        QCOMPARE(bo.run({"fetch-attachment", id, "--to", to}).code, 1);
        QFile out(to);
        QVERIFY(out.open(QIODevice::ReadOnly) && out.readAll() == octets);
        // What has arrived is not asked about again.
        QVERIFY(synced(bo)["bytes_sent"] < Json(1000));
    }

    void killedWhileSendingItGoesOnAtTheChunk()
    {
        const Desk ann = joined("ann");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QByteArray octets = noise(100 * chunk);
        const QString id = attach(ann, rosa, fileOf("film.mp4", octets));
        QVERIFY(!id.isEmpty());
        int known = 0;
        for (const int enough : {20, 50}) {
            QVERIFY(killInTheMiddle(ann, [&] { return chunksAtServer() >= enough; }));
            QVERIFY(chunksAtServer() >= enough && chunksAtServer() < 100);
            QVERIFY(chunksAtServer() > known);
            known = chunksAtServer();
            QCOMPARE(ann.status()["waiting"], Json(0));  // words were first
        }
        const Json rest = synced(ann);
        QCOMPARE(rest["files_sent"], Json(1));
        // The server may still have been laying down the one chunk that was on its way at the kill.
        const auto sent = rest["file_bytes_sent"].get<qint64>() / chunk;
        QCOMPARE(rest["file_bytes_sent"], Json(sent * chunk));
        QVERIFY2(sent == 100 - known || sent == 99 - known, qPrintable(QString::number(sent)));
        QVERIFY(rest["bytes_sent"] < Json(sent * chunk + 100'000));
        const Desk bo = joined("bo");
        QCOMPARE(synced(bo)["files_fetched"], Json(1));
        QVERIFY(fetched(bo, id) == octets);
    }

    void killedWhileFetchingItGoesOnAtTheChunk()
    {
        const Desk ann = joined("ann");
        const Desk bo = joined("bo");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QByteArray octets = noise(80 * chunk);
        const QString id = attach(ann, rosa, fileOf("film.mp4", octets));
        QCOMPARE(synced(ann)["files_sent"], Json(1));
        QVERIFY(killInTheMiddle(bo, [&] { return chunksUnder(filesOf(bo), 5) >= 30; }));
        const int known = chunksUnder(filesOf(bo), 5);
        QVERIFY(known >= 30 && known < 80);
        QCOMPARE(stateOf(bo, id)["here"], Json("part"));
        const Json rest = synced(bo);
        QCOMPARE(rest["file_bytes_fetched"], Json((80 - known) * chunk));
        QVERIFY(fetched(bo, id) == octets);
    }

    void aKilledServerGoesOnAtTheChunk()
    {
        const Desk ann = joined("ann");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QString id = attach(ann, rosa, fileOf("film.mp4", noise(100 * chunk)));
        QProcess process;
        process.start(TENDCTL_PROGRAM, ann.with({"sync"}));
        while (process.state() != QProcess::NotRunning && chunksAtServer() < 25)
            process.waitForFinished(1);
        m_server->kill();
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 1);
        QCOMPARE(stateOf(ann, id)["at_server"], Json(false));
        const int known = chunksAtServer();
        QVERIFY(known >= 25 && known < 100);
        QVERIFY(m_server->start().has_value());
        const Json rest = synced(ann);
        QCOMPARE(rest["file_bytes_sent"], Json((100 - known) * chunk));
        const auto verified = m_server->run({"verify"});
        QVERIFY(verified && verified->exitCode == 0);
    }

    void killedWhileAttachingThereIsNoRowOrAllOfIt()
    {
        const Desk ann = joined("ann");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QByteArray octets = noise(60 * chunk);
        const QString source = fileOf("film.mp4", octets);
        int cut = 0;
        for (const int enough : {0, 1, 5, 20, 40, 60}) {
            QProcess process;
            process.start(TENDCTL_PROGRAM, ann.with({"attach", "customer", rosa, source}));
            while (process.state() != QProcess::NotRunning && chunksUnder(filesOf(ann), 5) < enough)
                process.waitForFinished(1);
            process.kill();
            process.waitForFinished();
            const auto rows = ann.run({"attachments", "--json"}).lines();
            cut += rows.empty() ? 1 : 0;
            for (const Json &row : rows) {
                QCOMPARE(row["here"], Json("whole"));
                QVERIFY(fetched(ann, QString::fromStdString(row["id"])) == octets);
                QCOMPARE(
                    ann.run({"delete", "attachment", QString::fromStdString(row["id"])}).code, 0);
            }
            // What was cut off is cleared away by the next sync.
            QVERIFY(ann.sync());
            QCOMPARE(chunksUnder(filesOf(ann), 5), 0);
        }
        QVERIFY(cut >= 3);
    }

    void C8_theSamePictureTwiceStaysTwoAndLiesThereOnce()
    {
        const Desk ann = joined("ann");
        const Desk bo = joined("bo");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QString piet = ann.put("customer", R"({"name":"Piet"})");
        const QByteArray octets = noise(2 * chunk);
        const QString one = attach(ann, rosa, fileOf("a.jpg", octets));
        const QString two = attach(ann, piet, fileOf("b.jpg", octets));
        QVERIFY(one != two);
        const Json sent = synced(ann);
        QCOMPARE(sent["file_bytes_sent"], Json(2 * chunk));
        QCOMPARE(chunksAtServer(), 2);
        QCOMPARE(synced(bo)["file_bytes_fetched"], Json(2 * chunk));
        QCOMPARE(bo.run({"attachments", "--json", "--customer", piet}).lines().size(), 1U);
        QCOMPARE(ann.run({"delete", "attachment", one}).code, 0);
        QVERIFY(ann.sync() && bo.sync());
        QTest::qWait(3'500);
        QCOMPARE(chunksAtServer(), 2);
        QVERIFY(fetched(bo, two) == octets);
    }

    void aDamagedFileIsFoundAndFetchedAnew()
    {
        const Desk ann = joined("ann");
        const Desk bo = joined("bo");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QByteArray octets = noise(2 * chunk);
        const QString id = attach(ann, rosa, fileOf("a.jpg", octets));
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(bo.run({"verify"}).code, 0);
        for (const auto &entry : fs::recursive_directory_iterator(filesOf(bo))) {
            if (entry.path().filename() == "00001") {
                QFile file(QString::fromStdString(entry.path().string()));
                QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(100));
                QCOMPARE(file.write("?!"), 2);
            }
        }
        const Done verified = bo.run({"verify"});
        QCOMPARE(verified.code, 1);
        QVERIFY(verified.out.contains(id.toUtf8()));
        const Done first = bo.run({"fetch-attachment", id, "--to", "-"});
        QCOMPARE(first.code, 0);
        QVERIFY(first.out == octets);
        QCOMPARE(bo.run({"verify"}).code, 0);
    }

    void C8_aDeletedFileGoesAtBothEnds()
    {
        const Desk ann = joined("ann");
        const Desk bo = joined("bo");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QString visit = ann.put("visit",
            json({{"customer_id", rosa.toStdString()}, {"kind", "call"}, {"said", "look"}}));
        const Done done = ann.run({"attach", "visit", visit, fileOf("a.jpg", noise(2 * chunk))});
        QCOMPARE(done.code, 0);
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(ann.run({"attachments", "--json", "--customer", rosa}).lines().size(), 1U);
        QCOMPARE(chunksUnder(filesOf(bo), 5), 2);
        QCOMPARE(bo.run({"delete", "visit", visit}).code, 0);
        QCOMPARE(chunksUnder(filesOf(bo), 5), 2);  // the server does not know yet
        QVERIFY(bo.sync());
        QCOMPARE(chunksUnder(filesOf(bo), 5), 0);
        QCOMPARE(chunksAtServer(), 2);  // for its keeping time
        QVERIFY(ann.sync());
        QCOMPARE(chunksUnder(filesOf(ann), 5), 0);
        QTRY_COMPARE_WITH_TIMEOUT(chunksAtServer(), 0, 15'000);
        const auto verified = m_server->run({"verify"});
        QVERIFY(verified && verified->exitCode == 0);
    }

    void aWipedDeviceHasNoFileLeft()
    {
        const Desk ann = joined("ann");
        const Desk bo = joined("bo");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QByteArray canary = "canary-in-the-picture";
        QVERIFY(!attach(ann, rosa, fileOf("a.jpg", canary + noise(2 * chunk))).isEmpty());
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(chunksUnder(filesOf(bo), 5), 3);
        QVERIFY(!holdsWords(filesOf(bo), canary));  // sealed
        std::string device;
        const auto listed = m_server->run({"device", "list", "--json"});
        for (const QByteArray &line : QByteArray::fromStdString(listed->out).split('\n')) {
            const Json entry = Json::parse(line.toStdString(), nullptr, false);
            if (entry.is_object() && entry["member"] == "bo")
                device = entry["id"];
        }
        const auto wiped = m_server->run({"device", "wipe", device});
        QVERIFY(wiped && wiped->exitCode == 0);
        QVERIFY(bo.sync());
        QCOMPARE(chunksUnder(filesOf(bo), 5), 0);
        QVERIFY(!holdsWords(filesOf(bo), canary));
        QVERIFY(!holdsWords(m_folder->path().toStdString() + "/bo.db", canary));
        QVERIFY(bo.run({"attachments", "--json"}).lines().empty());
        // The others keep theirs.
        QCOMPARE(chunksUnder(filesOf(ann), 5), 3);
        QCOMPARE(chunksAtServer(), 3);
    }

    void strangersAndLiarsGetNothing()
    {
        for (const char *name : {"North", "South"}) {
            const auto added = m_server->run({"territory", "add", name});
            QVERIFY(added && added->exitCode == 0);
        }
        const auto all = m_server->run({"territory", "list", "--json"});
        const std::string north = Json::parse(all->out.substr(0, all->out.find('\n')))["id"];
        const Desk ann = joined("ann", "rep", {"North"});
        QVERIFY(ann.sync());
        const QString rosa = ann.put("customer", json({{"name", "Rosa"}, {"territory_id", north}}));
        const Bytes octets = m_random.bytes(2 * chunk);
        const QString id = attach(ann, rosa, fileOf("a.jpg", QByteArray::fromStdString(octets)));
        QVERIFY(ann.sync());
        const Bytes digest = *replica::fromHex(stateOf(ann, id)["digest"].get<std::string>());
        const replica::FileName file{
            attachmentTable, *replica::parseUuid(id.toStdString()), digest};

        Liar stranger;
        QVERIFY(stranger.join(*m_server->invite("bo", "rep", {"South"})));
        const Bytes get = encode(replica::FileGetRequest{replica::protocolVersion, file, 0});
        const std::string theirs = stranger.ask(m_server->port(), "/v1/file-get", get);
        QCOMPARE(replica::test::statusOf(theirs), 404);
        replica::FileName invented = file;
        invented.row.octets[3] ^= 1;
        const std::string nobodys = stranger.ask(m_server->port(), "/v1/file-get",
            encode(replica::FileGetRequest{replica::protocolVersion, invented, 0}));
        const auto told = [](const std::string &answer) {
            return answer.substr(answer.find('{'));
        };
        QCOMPARE(told(theirs), told(nobodys));
        const Bytes put = encode(
            replica::FilePutRequest{replica::protocolVersion, file, 0, octets.substr(0, chunk)});
        QCOMPARE(replica::test::statusOf(stranger.ask(m_server->port(), "/v1/file-put", put)), 404);
        QCOMPARE(
            replica::test::statusOf(stranger.ask(m_server->port(), "/v1/file-get", get, false)),
            401);

        Liar colleague;
        QVERIFY(colleague.join(*m_server->invite("cy", "rep", {"North"})));
        QCOMPARE(
            replica::test::statusOf(colleague.ask(m_server->port(), "/v1/file-get", get)), 200);
        const std::string wrong = colleague.ask(m_server->port(), "/v1/file-put",
            encode(
                replica::FilePutRequest{replica::protocolVersion, file, 0, octets.substr(chunk)}));
        QCOMPARE(replica::test::statusOf(wrong), 400);
        QVERIFY(wrong.find("not the one that the row names") != std::string::npos);
        QCOMPARE(
            replica::test::statusOf(colleague.ask(m_server->port(), "/v1/file-put", put)), 200);
        QCOMPARE(chunksAtServer(), 2);
    }

    void whatIsTooLargeIsRefusedInWords()
    {
        const Desk ann = joined("ann");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QString huge = fileOf("huge.mov", "x");
        fs::resize_file(huge.toStdString(), (64U << 20U) + 1);
        const Done here = ann.run({"attach", "customer", rosa, huge});
        QCOMPARE(here.code, 1);
        QVERIFY2(here.err.contains("64 MiB at most; nothing was attached"), here.err);
        QVERIFY(ann.run({"attachments", "--json"}).lines().empty());
        const Done thumbnail = ann.run({"attach", "customer", rosa, fileOf("a.jpg", noise(10)),
            "--thumbnail", fileOf("b.jpg", noise(17'000))});
        QCOMPARE(thumbnail.code, 1);
        QVERIFY(thumbnail.err.contains("16 KiB"));

        QVERIFY(m_server->terminate().has_value());
        QVERIFY(m_server->start({"--file-max", "1MiB"}).has_value());
        const QString large = attach(ann, rosa, fileOf("large.jpg", noise(5 * chunk)));
        const QString small = attach(ann, rosa, fileOf("small.jpg", noise(chunk)));
        const Done there = ann.run({"sync", "--json"});
        QCOMPARE(there.code, 1);
        QVERIFY2(there.err.contains("this server takes 1 MiB at most"), there.err);
        QCOMPARE(there.lines().at(0)["files_sent"], Json(1));
        QCOMPARE(there.lines().at(0)["waiting"], Json(0));
        QCOMPARE(stateOf(ann, small)["at_server"], Json(true));
        QCOMPARE(stateOf(ann, large)["here"], Json("whole"));
    }

    void aBackupHasTheFilesAndLaterOnesAreSentAgain()
    {
        const Desk ann = joined("ann");
        const QString rosa = ann.put("customer", R"({"name":"Rosa"})");
        const QByteArray before = noise(2 * chunk);
        const QByteArray after = noise(3 * chunk);
        const QString one = attach(ann, rosa, fileOf("a.jpg", before));
        QVERIFY(ann.sync());
        const std::string file = m_folder->filePath("backup").toStdString();
        const auto saved = m_server->run({"backup", "--to", file});
        QVERIFY(saved && saved->exitCode == 0);
        const QString two = attach(ann, rosa, fileOf("b.jpg", after));
        QVERIFY(ann.sync());
        QCOMPARE(chunksAtServer(), 5);
        QVERIFY(m_server->terminate().has_value());

        auto restored = *ServerProcess::makeEmpty();
        const auto done = restored->run({"restore", "--from", file});
        QVERIFY2(done && done->exitCode == 0, done->err.c_str());
        restored->setPort(m_server->port());
        m_server = std::move(restored);
        QCOMPARE(chunksAtServer(), 2);
        QVERIFY(m_server->start().has_value());
        QVERIFY(ann.sync());
        QCOMPARE(chunksAtServer(), 5);
        const Desk bo = joined("bo");
        QCOMPARE(synced(bo)["files_fetched"], Json(2));
        QVERIFY(fetched(bo, one) == before && fetched(bo, two) == after);
        const auto verified = m_server->run({"verify"});
        QVERIFY2(verified->exitCode == 0, verified->out.c_str());
        QVERIFY(verified->out.find("2 with their file, 0 whose") != std::string::npos);
        // A bit that fell over is found.
        for (const auto &entry : fs::recursive_directory_iterator(m_server->data() / "files")) {
            if (entry.is_regular_file()) {
                QFile damaged(QString::fromStdString(entry.path().string()));
                QVERIFY(damaged.open(QIODevice::ReadWrite) && damaged.seek(5));
                QCOMPARE(damaged.write("?!"), 2);
                break;
            }
        }
        QCOMPARE(m_server->run({"verify"})->exitCode, 1);
    }
};

QTEST_APPLESS_MAIN(AttachmentsTest)
#include "attachments_test.moc"
