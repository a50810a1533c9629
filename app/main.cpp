#include <QCoreApplication>
#include <QStandardPaths>

#include "app/platform/keychain/system_keychain.h"
#include "app/session/replica_session.h"
#include "app/shell/program.h"
#include "app/shell/session_factory.h"
#include "sync/net/curl_transport.h"

namespace tend {

namespace {

// Where the app keeps the key of the replica `file` on a machine without a keychain, and kept it
// before it knew of keychains: in the user's configuration, apart from the data, so that neither a
// copied journal nor a copied configuration opens anything alone.
std::filesystem::path keyFileOf(const std::filesystem::path &file)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return std::filesystem::path(folder.toStdString()) / "tend" / (file.stem().string() + ".key");
}

KeyChoice keyChoiceOf(const std::filesystem::path &file, const std::filesystem::path &keyFile)
{
    KeyChoice choice;
    choice.keyFile = keyFile;
    choice.ownKeyFile = keyFileOf(file);
    choice.keychain = Keychain{&readFromKeychain, &writeToKeychain};
    return choice;
}

}  // namespace

// The one place that knows which session is real.
OpenSession openReplica(const std::filesystem::path &file, const std::filesystem::path &keyFile)
{
    return [file, keyFile]() -> Result<std::unique_ptr<Session>> {
        auto session = ReplicaSession::open(file, keyChoiceOf(file, keyFile), WhenMissing::Make);
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
