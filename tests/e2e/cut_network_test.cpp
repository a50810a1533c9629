// Real devices and a real server with a network between them that fails: cut after each octet,
// stalled, slow. A visit is sent by one device and fetched by another; whatever the network does to
// that, the next round mends it, and nothing is lost or there twice.
//
// Every octet of the exchanges with TEND_LONG=1, else every so manieth, beginning elsewhere in each
// row of a table.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/cutting_proxy.h"
#include "tests/support/net_device.h"
#include "tests/support/server_process.h"

using namespace replica;
using namespace std::chrono_literals;
using test::CuttingProxy;
using test::NetDevice;
using Kind = CuttingProxy::Strike::Kind;
using Way = CuttingProxy::Way;

namespace {

// Prime, and no divisor of a record's or a frame's length that comes again and again.
constexpr std::uint64_t strideOfExchanges = 13;
constexpr std::uint64_t strideOfHandshakes = 97;
constexpr std::uint64_t strideOfStalls = 197;

std::uint64_t stride(std::uint64_t usual)
{
    return qEnvironmentVariableIsSet("TEND_LONG") ? 1 : usual;
}

// No cut is meant to be noticed by waiting.
constexpr net::Patience patience{5s, 5s, 20s};

}  // namespace

class CutNetworkTest : public QObject {
    Q_OBJECT

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto made = test::ServerProcess::make();
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
        m_server = *std::move(made);
        QVERIFY(m_server->start().has_value());
        auto proxy = CuttingProxy::make(m_server->port());
        QVERIFY(proxy.has_value());
        m_proxy = *std::move(proxy);
        m_ann = joined("Ann");
        m_bo = joined("Bo");
        m_customer = m_ann->add("customer", {{"name", std::string("Rosa's bakery")}});
        syncs(*m_ann);
        syncs(*m_bo);
        m_visits = 0;
        m_head = m_ann->replica().facts().head;
    }

    void cleanup()
    {
        const auto verified = m_server->run({"verify"});
        QVERIFY(verified && verified->exitCode == 0);
        m_ann.reset();
        m_bo.reset();
        m_proxy.reset();
        m_server.reset();
    }

    void aPushIsCutAfterEachOctet_data() { cuts(); }

    // From the first octet of the push to the last of the pull that follows it.
    void aPushIsCutAfterEachOctet()
    {
        QVERIFY(m_ann->connect(m_proxy->port(), patience).has_value());
        syncs(*m_ann);
        cutEach(stride(strideOfExchanges), *m_ann, [&] { return said(); });
    }

    void aPullIsCutAfterEachOctet_data() { cuts(); }

    void aPullIsCutAfterEachOctet()
    {
        QVERIFY(m_bo->connect(m_proxy->port(), patience).has_value());
        syncs(*m_bo);
        cutEach(stride(strideOfExchanges), *m_bo, [&] {
            const RowId visit = said();
            syncs(*m_ann);
            return visit;
        });
    }

    void aHandshakeIsCut_data() { cuts(); }

    // And what follows it on the same connection, with a device that was just started.
    void aHandshakeIsCut()
    {
        cutEach(stride(strideOfHandshakes), *m_ann, [&] {
            const RowId visit = said();
            ENSURE(m_ann->connect(m_proxy->port(), patience).has_value());
            return visit;
        });
    }

    void aStalledNetworkIsGivenUp_data()
    {
        QTest::addColumn<bool>("isPush");
        QTest::addColumn<bool>("isUp");
        QTest::addColumn<int>("after");
        QTest::newRow("a push, up, in its middle") << true << true << 100;
        if (qEnvironmentVariableIsSet("TEND_LONG")) {
            QTest::newRow("a pull, down, from the first octet on") << false << false << 0;
            QTest::newRow("a push, up, from the first octet on") << true << true << 0;
            QTest::newRow("a push, down, after one octet") << true << false << 1;
            QTest::newRow("a pull, up, after one octet") << false << true << 1;
            QTest::newRow("a pull, down, in its middle") << false << false << 200;
        }
    }

    // Nobody is told that nothing comes any more. The device gives up by itself, in words.
    void aStalledNetworkIsGivenUp()
    {
        QFETCH(bool, isPush);
        QFETCH(bool, isUp);
        QFETCH(int, after);
        NetDevice &device = isPush ? *m_ann : *m_bo;
        QVERIFY(device.connect(m_proxy->port(), {1s, 1s, 20s}).has_value());
        syncs(device);
        const RowId visit = said();
        if (!isPush)
            syncs(*m_ann);
        m_proxy->plan({Kind::Stall, isUp ? Way::Up : Way::Down, static_cast<std::uint64_t>(after)});
        const auto problem = device.sync();
        QVERIFY(m_proxy->passed().hasStruck);
        QVERIFY(problem && problem->code == ErrorCode::Offline);
        QVERIFY2(problem->message.starts_with("the server did not answer in time: "),
            problem->message.c_str());
        m_proxy->heal();
        syncs(device);
        isThereOnce(visit);
    }

    void anEngineGivesUpWhatItsTransportWaitsFor_data()
    {
        QTest::addColumn<bool>("isUp");
        QTest::newRow("up") << true;
        QTest::newRow("down") << false;
    }

    // The engine's own patience, after every so manieth octet. What was given up may have been
    // done all the same.
    void anEngineGivesUpWhatItsTransportWaitsFor()
    {
        QFETCH(bool, isUp);
        std::uint64_t stalls = 0;
        for (std::uint64_t octets = 0;; octets += stride(strideOfStalls)) {
            const auto patient = m_ann->connect(m_proxy->port(), {5s, 60s, 120s});
            QVERIFY(patient.has_value());
            syncs(*m_ann);
            const RowId visit = said();
            const EnginePace hasty{400ms, 20s, 0ms};
            m_ann->setPace(hasty);
            m_proxy->plan({Kind::Stall, isUp ? Way::Up : Way::Down, octets});
            const auto problem = m_ann->sync();
            const bool hasStruck = m_proxy->passed().hasStruck;
            m_proxy->heal();
            // After its last octet nobody waits for another.
            const bool isComplete = !isUp && !problem;
            if (hasStruck && !isComplete) {
                ++stalls;
                QVERIFY(problem && problem->code == ErrorCode::Offline);
                QCOMPARE(problem->message, std::string("the server did not answer in time"));
            }
            m_ann->setPace({});
            syncs(*m_ann);
            isThereOnce(visit);
            if (!hasStruck || isComplete)
                break;
        }
        QVERIFY(stalls > 1);
    }

    void aSlowNetworkIsBorne_data()
    {
        QTest::addColumn<bool>("isPush");
        QTest::addColumn<bool>("isUp");
        QTest::newRow("a push written slowly") << true << true;
        QTest::newRow("a push whose answer is read slowly") << true << false;
        QTest::newRow("a pull written slowly") << false << true;
        QTest::newRow("a page read slowly") << false << false;
    }

    // Longer than any patience between two octets, a few octets at a time. Others are served
    // meanwhile.
    void aSlowNetworkIsBorne()
    {
        QFETCH(bool, isPush);
        QFETCH(bool, isUp);
        NetDevice &slow = isPush ? *m_ann : *m_bo;
        NetDevice &quick = isPush ? *m_bo : *m_ann;
        QVERIFY(slow.connect(m_proxy->port(), {1s, 1s, 30s}).has_value());
        syncs(slow);
        const RowId visit = said();
        if (!isPush)
            syncs(*m_ann);
        m_proxy->plan({Kind::Stall, Way::Up, ~0ULL});
        m_proxy->slow(isUp ? Way::Up : Way::Down, 2, 10ms);
        slow.begin();
        while (m_proxy->passed().up < 20)
            slow.step(5ms);
        syncs(quick);
        QVERIFY2(!slow.hasEnded(), "the quick one was to be served while the slow one is");
        while (!slow.hasEnded())
            slow.step(20ms);
        m_proxy->heal();
        QCOMPARE(m_proxy->passed().connections, std::uint64_t{0});
        syncs(quick);
        isThereOnce(visit);
    }

    // Pages far larger than what the sockets between hold, read at a trickle: the server waits with
    // the rest of the page and serves others.
    void largePagesAreReadSlowly()
    {
        constexpr int large = 200;
        SeededRandom random(3);
        for (int i = 0; i < large; ++i)
            static_cast<void>(said(wordsOf(random, 3'000)));
        syncs(*m_ann);
        QVERIFY(m_bo->connect(m_proxy->port(), {1s, 1s, 60s}).has_value());
        m_proxy->plan({Kind::Stall, Way::Up, ~0ULL});
        m_proxy->slow(Way::Down, 4'096, 20ms);
        m_bo->begin();
        while (m_proxy->passed().down < 60'000)
            m_bo->step(5ms);
        const RowId visit = said();
        syncs(*m_ann);
        QVERIFY(!m_bo->hasEnded());
        while (!m_bo->hasEnded())
            m_bo->step(20ms);
        QVERIFY(m_proxy->passed().down > 300'000);
        m_proxy->heal();
        isThereOnce(visit);
    }

private:
    static void cuts()
    {
        QTest::addColumn<bool>("isUp");
        QTest::addColumn<bool>("isReset");
        QTest::addColumn<bool>("staysGone");
        for (const bool isUp : {true, false}) {
            for (const bool isReset : {true, false}) {
                for (const bool staysGone : {true, false}) {
                    QTest::addRow("%s, %s, %s", isUp ? "up" : "down", isReset ? "reset" : "finish",
                        staysGone ? "gone for a while" : "back at once")
                        << isUp << isReset << staysGone;
                }
            }
        }
    }

    // How the rounds of one row of a table went.
    struct Tally {
        std::uint64_t cuts = 0;
        std::uint64_t noticed = 0;  // the round failed, and the device said why
        std::uint64_t unknowing = 0;  // the server has the visit, and the device does not know
        std::uint64_t octets = 0;
    };

    // `prepare` saves a visit and answers which; then a round of `device` is cut, later and later,
    // until one is not.
    template <typename Prepare>
    void cutEach(std::uint64_t step, NetDevice &device, Prepare prepare)
    {
        QFETCH(bool, isUp);
        QFETCH(bool, isReset);
        QFETCH(bool, staysGone);
        Tally tally;
        const std::uint64_t first = step == 1 ? 0 : ++m_row % step;
        for (tally.octets = 0;; tally.octets += tally.octets == 0 && first > 0 ? first : step) {
            const RowId visit = prepare();
            m_proxy->plan({isReset ? Kind::Reset : Kind::Finish, isUp ? Way::Up : Way::Down,
                tally.octets, staysGone});
            const auto problem = device.sync();
            const bool hasStruck = m_proxy->passed().hasStruck;
            const auto octet = "after " + std::to_string(tally.octets) + " octets: ";
            if (problem && (!hasStruck || !isOfTheNetwork(*problem)))
                QFAIL((octet + problem->message).c_str());
            tally.cuts += hasStruck ? 1 : 0;
            tally.noticed += problem ? 1 : 0;
            m_proxy->heal();
            if (&device == m_ann.get()) {
                const bool isWaiting = m_ann->replica().status()->waiting > 0;
                syncs(*m_bo);
                tally.unknowing += isWaiting && m_bo->holds("visit", visit) ? 1 : 0;
            }
            syncs(device);
            isThereOnce(visit);
            if (QTest::currentTestFailed())
                QFAIL(octet.c_str());
            if (!hasStruck)
                break;
        }
        qInfo("%llu cuts over %llu octets, %llu noticed, %llu answers lost",
            static_cast<unsigned long long>(tally.cuts),
            static_cast<unsigned long long>(tally.octets),
            static_cast<unsigned long long>(tally.noticed),
            static_cast<unsigned long long>(tally.unknowing));
        QVERIFY(tally.cuts > 10);
        // Back at once, and the transport may have mended it by itself on another connection.
        if (staysGone)
            QVERIFY(tally.noticed > 0);
        if (&device == m_ann.get() && !isUp && staysGone)
            QVERIFY(tally.unknowing > 0);
    }

    // What a person is told is about the network and not about the server's honesty or ours.
    static bool isOfTheNetwork(const Error &problem)
    {
        return problem.code == ErrorCode::Offline
            && problem.message.find("in time") == std::string::npos;
    }

    // Both have it; the log has one group more for each visit; nothing waits; the sums agree.
    void isThereOnce(const RowId &visit)
    {
        syncs(*m_ann);
        syncs(*m_bo);
        for (NetDevice *device : {m_ann.get(), m_bo.get()}) {
            const Facts &facts = device->replica().facts();
            QVERIFY(device->holds("visit", visit));
            QCOMPARE(device->count("visit"), m_visits);
            QCOMPARE(raw(facts.head), raw(m_head) + m_visits);
            QCOMPARE(raw(facts.cursor), raw(facts.head));
            QCOMPARE(facts.mismatches, std::uint64_t{0});
            QCOMPARE(*facts.sum, *m_ann->replica().sumOfAll());
            QCOMPARE(device->replica().status()->waiting, std::size_t{0});
            QCOMPARE(device->replica().status()->refused, std::size_t{0});
        }
    }

    [[nodiscard]] std::unique_ptr<NetDevice> joined(const std::string &name)
    {
        auto device = std::make_unique<NetDevice>(
            m_folder->filePath(QString::fromStdString(name)).toStdString());
        const auto link = m_server->invite(name, "office");
        ENSURE(link.has_value() && device->join(*link).has_value());
        return device;
    }

    static void syncs(NetDevice &device)
    {
        const auto problem = device.sync();
        QVERIFY2(!problem, problem ? problem->message.c_str() : "");
    }

    RowId said(const std::string &words = "The van came at seven.")
    {
        ++m_visits;
        return m_ann->add("visit",
            {{"customer_id", Blob{Bytes(m_customer.bytes())}}, {"kind", std::string("call")},
                {"said", words}});
    }

    // Nothing that packs well.
    static std::string wordsOf(SeededRandom &random, std::size_t length)
    {
        std::string words;
        while (words.size() < length)
            words.push_back(static_cast<char>('!' + random.below(90)));
        return words;
    }

    net::CurlGlobal m_curl;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::ServerProcess> m_server;
    std::unique_ptr<CuttingProxy> m_proxy;
    std::unique_ptr<NetDevice> m_ann;
    std::unique_ptr<NetDevice> m_bo;
    RowId m_customer;
    std::size_t m_visits = 0;
    Sequence m_head{};
    std::uint64_t m_row = 0;
};

QTEST_GUILESS_MAIN(CutNetworkTest)
#include "cut_network_test.moc"
