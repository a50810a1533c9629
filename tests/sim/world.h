#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <queue>

#include "server-stub/workspace.h"
#include "sync/engine/engine.h"
#include "sync/schema/schema.h"
#include "sync/store/replica.h"

// A whole small company in one thread: several devices, their server, and a network that loses,
// doubles, delays and reorders, on clocks that lie. A seed decides everything. The code under test
// is the real one; only the ports are the simulator's.
namespace replica::sim {

struct Plan {
    std::uint64_t seed = 0;
    int devices = 5;
    int edits = 60;
    bool onSqlite = false;
    bool isTraced = false;  // tells on stdout what happened, for one failing seed
    std::filesystem::path folder;  // for SQLite files
};

struct Verdict {
    std::vector<std::string> violations;  // empty is well
    std::uint64_t commits = 0;
    std::uint64_t messages = 0;
};

class World {
public:
    explicit World(const Plan &plan);
    ~World();
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    // Plays the seed to its end and checks the invariants of docs/TESTING.md.
    [[nodiscard]] Verdict play();

private:
    struct NodeClock;
    struct Wire;
    struct Mark;
    struct Node;
    struct Letter;
    struct Held;
    struct Written;

    // ---- the play
    void act();
    void settle();
    void deliver();
    void receive(Letter letter, std::int64_t heldUntil);
    void lookAtHeld();
    void traceDifferences(Node &node);
    void stepNode(Node &node);
    [[nodiscard]] std::vector<RowId> visitsOn(Node &node);
    [[nodiscard]] std::optional<Change> accountBy(Node &node);

    // Whether some devices run an older program for a while.
    [[nodiscard]] bool isMixed() const { return m_plan.seed % 4 >= 2; }

    [[nodiscard]] std::optional<Change> laterBy(Node &node, const std::vector<Change> &besides);
    [[nodiscard]] static std::vector<std::string> sentencesOf(const std::string &text);
    [[nodiscard]] bool undoDelete(Node &node);
    void edit(Node &node);
    void settleConflict(Node &node);
    void reassign(Node &node);
    [[nodiscard]] std::vector<RowId> territoriesOf(const Node &node);
    void crash(Node &node);
    void backUp(Node &node);
    void restoreNode(Node &node);
    void compactServer();
    void backUpServer();
    void restoreServer();
    void crashServer();
    void openNode(Node &node);
    void openServer();
    // `life` is the life of the device's process; an answer reaches no later one.
    void send(
        int node, int life, bool toServer, ExchangeId id, Route route, const Result<Bytes> &body);
    // `listening` comes back with what the device waits for, when the answer may be held.
    [[nodiscard]] Result<Bytes> serve(int from, Route route, const Bytes &request,
        std::optional<tend::server::Workspace::Watch> &listening);

    // ---- the checks
    void violation(const std::string &what);
    void trace(const std::string &what) const;
    [[nodiscard]] static std::string describe(const PullAnswer &answer);
    [[nodiscard]] static std::string describe(const PushAnswer &answer);
    // Commits with a marker row of its own in the group, by which the group is known wherever it
    // appears.
    void commit(Node &node, std::vector<Change> changes, bool isPoison);
    void checkReadBack(Node &node, const std::vector<Change> &changes);
    void look(Node &node);  // adds what lies before this node's eyes to what it ever saw
    void checkConvergence();
    void checkLog();
    void checkNothingLost();
    void checkCausality();
    void checkStamps();
    void checkAtomicity();
    void checkHistory();
    void checkAccounts();
    void checkConflicts();
    // What one device must show of these records: rows it may not see, and columns, left out. With
    // none, everything.
    [[nodiscard]] std::string canonical(Records &records, const Node *who);
    // Judged afresh from the server's rows, without the code under test.
    [[nodiscard]] bool maySee(const Node &node, TableId table, const RowId &row);
    [[nodiscard]] bool maySee(
        const Node &node, TableId table, const RowId &row, const std::vector<RowId> &held);
    [[nodiscard]] std::vector<RowId> heldSinceCursor(const Node &node);
    // I11: nothing is sent that the device may not see at that moment.
    void checkSent(const Node &node, const PullRequest &request, const PullAnswer &answer);
    [[nodiscard]] bool isLostAndKnown(const Node &node, const RowName &name);
    [[nodiscard]] bool isBold(const Node &node, const std::vector<Change> &changes);
    // Whether it touches what the server has forgotten, or rows that only refused groups made.
    [[nodiscard]] bool isDoomed(const Written &written, const std::set<RowId> &unmade);
    [[nodiscard]] std::optional<std::size_t> writtenOf(const std::vector<Change> &changes) const;
    // Accepted writes to one column of one row, and those of them that no other had seen.
    [[nodiscard]] std::set<std::size_t> trueHeads(
        TableId table, const RowId &row, ColumnId column) const;
    [[nodiscard]] std::set<std::size_t> headsOf(const RowState &state, ColumnId column);

    Plan m_plan;
    SeededRandom m_random;
    SeededRandom m_accountChance;  // apart, so that the seeds stay what they are
    SeededRandom m_compactChance;
    SeededRandom m_mixChance;
    SeededRandom m_undoChance;
    Schema m_schema;
    Schema m_earlier;
    std::int64_t m_nowMs = 0;
    bool m_calm = false;  // faults have stopped
    Verdict m_verdict;
    std::vector<std::unique_ptr<Node>> m_nodes;
    std::unique_ptr<NodeClock> m_serverClock;
    std::unique_ptr<SeededRandom> m_serverRandom;
    std::unique_ptr<tend::server::SharedStore> m_serverStore;
    std::unique_ptr<tend::server::Workspace> m_server;
    std::unique_ptr<tend::server::SharedStore> m_serverBackup;
    std::filesystem::path m_serverBackupPath;
    std::vector<Letter> m_letters;
    std::vector<Held> m_held;
    std::map<RowId, std::size_t> m_markers;  // index into m_written
    std::set<RowId> m_givenUp;  // an answer to a push named them
    std::set<RowId> m_chosen;  // a person chose one of two accounts, and so left sentences out
    std::map<GroupId, std::size_t> m_compacted;  // of the log, before its bodies went
    std::map<GroupId, std::size_t> m_accepted;  // from the server's log, at the end
    std::vector<Written> m_written;
    std::uint64_t m_lastToken = 0;
    bool m_serverWentBack = false;
    bool m_machineWentBack = false;  // a device with all of its machine
    std::vector<RowId> m_rows;
    std::vector<RowId> m_territories;
    std::size_t m_lastReassigned = 0;
    int m_files = 0;
};

}  // namespace replica::sim
