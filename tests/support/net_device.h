#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/journal/tables.h"
#include "sync/base/ensure.h"
#include "sync/crypto/device_key.h"
#include "sync/engine/engine.h"
#include "sync/net/enrol.h"
#include "sync/store/sqlite_store.h"
#include "tests/support/office.h"

namespace replica::test {

// A whole device as the programs have it: its replica in a file, the engine, and the transport over
// TLS to a server process, or to a proxy before it. One thread.
class NetDevice {
public:
    explicit NetDevice(std::filesystem::path file)
        : m_file(std::move(file))
        , m_key(crypto::DeviceKey::generate().value())
    {
    }

    // Enrols at the server itself.
    [[nodiscard]] Status join(const std::string &link)
    {
        const auto invitation = TRY(parseInvitation(link));
        m_peer = {invitation.server, invitation.pins, TRY(m_key.selfSignedCertificate("a device")),
            TRY(m_key.toPem())};
        const EnrolAnswer answer
            = TRY(net::enrol(m_peer, {protocolVersion, invitation.secret, "phone"}));
        m_store = TRY(SqliteStore::open(m_file, {}, Office::schema()));
        m_replica = TRY(
            Replica::open(*m_store, Office::schema(), m_clock, m_random, m_mark, answer.device));
        TRY_STATUS(m_replica->enrolled(answer));
        return connect(m_peer.server.port, {});
    }

    // Speaks to that port from now on, over connections of its own.
    [[nodiscard]] Status connect(
        std::uint16_t port, const net::Patience &patience, const EnginePace &pace = {})
    {
        m_engine.reset();
        m_peer.server.port = port;
        m_transport = TRY(net::CurlTransport::create(m_peer, patience));
        setPace(pace);
        return {};
    }

    // Over the same connections.
    void setPace(const EnginePace &pace)
    {
        m_engine = std::make_unique<Engine>(*m_replica, *m_transport, m_clock, m_random, pace);
    }

    // Until a round ended, well or badly: why, or nothing.
    [[nodiscard]] std::optional<Error> sync()
    {
        begin();
        while (!hasEnded())
            step(std::chrono::milliseconds(60'000));
        return m_engine->status().failures > 0 ? m_engine->status().problem : std::nullopt;
    }

    // The same, step by step.
    void begin()
    {
        m_engine->syncSoon();
        m_roundsBefore = m_engine->status().rounds;
    }

    [[nodiscard]] bool hasEnded() const
    {
        return m_engine->status().rounds > m_roundsBefore || m_engine->status().failures > 0;
    }

    void step(std::chrono::milliseconds atMost)
    {
        const auto rest = m_engine->step();
        ENSURE(rest.has_value());
        if (!hasEnded())
            m_transport->wait(std::min(*rest, atMost));
    }

    [[nodiscard]] RowId add(
        const std::string &table, const std::vector<std::pair<std::string, Value>> &values)
    {
        const RowId id = makeUuid7(m_clock.wallNow(), m_random);
        ENSURE(m_replica->commit({Office::row(table, id, ChangeKind::Insert, values)}).has_value());
        return id;
    }

    [[nodiscard]] bool holds(const std::string &table, const RowId &id)
    {
        const auto row = m_replica->records().row(Office::schema().table(table)->id, id);
        ENSURE(row.has_value());
        return row->has_value();
    }

    [[nodiscard]] std::size_t count(const std::string &table)
    {
        return m_replica->records().rowIds(Office::schema().table(table)->id)->size();
    }

    [[nodiscard]] Replica &replica() { return *m_replica; }

    [[nodiscard]] SqliteStore &store() { return *m_store; }

private:
    std::filesystem::path m_file;
    crypto::DeviceKey m_key;
    SystemClock m_clock;
    SystemRandom m_random;
    MemoryMark m_mark;
    net::Peer m_peer;
    std::unique_ptr<SqliteStore> m_store;
    std::unique_ptr<Replica> m_replica;
    std::unique_ptr<net::CurlTransport> m_transport;
    std::unique_ptr<Engine> m_engine;
    std::uint64_t m_roundsBefore = 0;
};

}  // namespace replica::test
