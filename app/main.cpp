#include "app/shell/program.h"
#include "app/shell/session_factory.h"
#include "sync/base/result.h"

namespace tend {

// The one place that knows which session is real.
OpenSession openReplica(const std::filesystem::path &file)
{
    return [file]() -> Result<std::unique_ptr<Session>> {
        return replica::fail(replica::ErrorCode::NotFound,
            "This build cannot open " + file.string() + " yet. Look at --screenshots DIR.");
    };
}

}  // namespace tend

int main(int argc, char **argv)
{
    return tend::runProgram(argc, argv);
}
