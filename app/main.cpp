#include <QCoreApplication>
#include <QStandardPaths>

#include "app/session/replica_session.h"
#include "app/shell/program.h"
#include "app/shell/session_factory.h"
#include "sync/net/curl_transport.h"

namespace tend {

namespace {

// Where the app keeps the key of the replica `file`: in the user's configuration, apart from the
// data, so that neither a copied journal nor a copied configuration opens anything alone.
std::filesystem::path keyFileOf(const std::filesystem::path &file)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return std::filesystem::path(folder.toStdString()) / "tend" / (file.stem().string() + ".key");
}

KeyChoice keyChoiceOf(const std::filesystem::path &file)
{
    KeyChoice choice;
    if (qEnvironmentVariableIsSet("TEND_KEY_FILE"))
        return choice;
    const std::filesystem::path key = keyFileOf(file);
    if (std::filesystem::exists(key)) {
        choice.keyFile = key;
    } else {
        std::error_code ignored;
        std::filesystem::create_directories(key.parent_path(), ignored);
        choice.newKeyFile = key;
    }
    return choice;
}

}  // namespace

// The one place that knows which session is real.
OpenSession openReplica(const std::filesystem::path &file)
{
    return [file]() -> Result<std::unique_ptr<Session>> {
        auto session = ReplicaSession::open(file, keyChoiceOf(file), WhenMissing::Make);
        if (!session)
            return tl::unexpected<replica::Error>(session.error());
        return std::unique_ptr<Session>(*std::move(session));
    };
}

}  // namespace tend

int main(int argc, char **argv)
{
    const replica::net::CurlGlobal curl;
    return tend::runProgram(argc, argv);
}
