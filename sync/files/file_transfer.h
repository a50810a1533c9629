#pragma once

#include <deque>
#include <functional>

#include "sync/base/clock.h"
#include "sync/engine/file_work.h"
#include "sync/files/file_store.h"
#include "sync/protocol/file_messages.h"
#include "sync/store/replica.h"

namespace replica {

// Port: whether files may go over the network there is now. Words always may.
using MayUseNetworkForFiles = std::function<bool()>;

// A file that the server would not take, or that could not be kept here.
struct FileRefusal {
    RowName row;
    std::string reason;
};

struct FileProgress {
    std::size_t sent = 0;
    std::size_t fetched = 0;
    std::uint64_t octetsSent = 0;
    std::uint64_t octetsFetched = 0;
    std::size_t waiting = 0;  // here whole, and the server has not said yet that it has them
    std::size_t absent = 0;  // neither here nor at the server: their authors send them some day
    std::vector<FileRefusal> refused;
    std::optional<Error> problem;  // why nothing goes on here: no room
};

// Brings the files that rows name to the server and from it, one at a time, a chunk at a time,
// those made here first, then the oldest; and takes away what no row names any more. What is to do
// is found by looking at rows, folder and server, so it goes on where it stopped, whatever stopped
// it. One thread; replica and store outlive it.
class FileTransfer final : public FileWork {
public:
    FileTransfer(Replica &replica, FileStore &files, Clock &clock)
        : m_replica(replica)
        , m_files(files)
        , m_clock(clock)
    {
    }

    // Files stay where they are while this says no; what no row names any more goes all the same.
    void setMayUseNetwork(MayUseNetworkForFiles may) { m_mayUseNetwork = std::move(may); }

    // Only this one from now on; nothing is taken away.
    void wantOnly(const RowName &row) { m_only = row; }

    [[nodiscard]] Result<Piece> next() override;
    [[nodiscard]] Status take(Result<Bytes> answer) override;

    [[nodiscard]] const FileProgress &progress() const { return m_progress; }

private:
    struct Asked {
        RowName row;
        Manifest manifest;
        bool isSending = false;
    };

    struct Task {
        Asked file;
        std::vector<std::uint32_t> chunks;  // still to go, the next one last
    };

    enum class Phase { Idle, Survey, Send, Fetch };

    [[nodiscard]] bool mustSurvey() const;
    [[nodiscard]] Status beginSurvey();
    [[nodiscard]] Status survey();
    [[nodiscard]] Status endSurvey();
    [[nodiscard]] Result<std::vector<RowName>> rowsWithFiles();
    [[nodiscard]] Result<bool> isStillSo(const Bytes &rowsDigest);
    [[nodiscard]] Result<std::set<std::string>> namedByAsides();
    [[nodiscard]] Result<std::optional<Request>> askAbout(std::vector<RowName> &rows);
    [[nodiscard]] Result<std::optional<Request>> nextChunk();
    [[nodiscard]] Status takeState(const FileStateAnswer &answer);
    [[nodiscard]] Status takeSent(const FilePutAnswer &answer);
    [[nodiscard]] Status takeFetched(const FileGetAnswer &answer);
    [[nodiscard]] Status done(const Task &task);
    Task endFile();
    void giveUp(const RowName &row, std::string reason);
    void pause(Error problem);
    [[nodiscard]] EpochId epoch() const;
    [[nodiscard]] Result<bool> hasReceipt(const Manifest &manifest);
    [[nodiscard]] static FileName nameOf(const Asked &file);

    Replica &m_replica;
    FileStore &m_files;
    Clock &m_clock;
    MayUseNetworkForFiles m_mayUseNetwork;
    std::optional<RowName> m_only;
    FileProgress m_progress;

    Phase m_phase = Phase::Idle;
    bool m_hasSurveyed = false;
    std::uint64_t m_surveyedRevision = 0;
    MonotonicTime m_surveyBeganAt{};
    MonotonicTime m_surveyNotBefore{};
    MonotonicTime m_surveyAgainAt{};
    MonotonicTime m_pausedUntil{};

    std::vector<RowName> m_rows;  // to survey; the next one last
    Bytes m_rowsDigest;  // stands for the rows there were when the survey began
    std::set<std::string> m_named;  // folders of files that rows name
    std::vector<RowName> m_toSend;  // the next one last, as in m_toFetch
    std::vector<RowName> m_toFetch;
    std::set<RowName> m_refusedRows;

    std::vector<Asked> m_asked;  // by the state request under way
    std::deque<Task> m_tasks;
    bool m_isInFile = false;  // a chunk of the first task went
    Route m_route = Route::FileState;  // of the request under way
};

}  // namespace replica
