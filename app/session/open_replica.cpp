#include "app/session/open_replica.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t keyOctets = 32;
const std::string deviceKeyFact = "device_key";

Result<Bytes> keyFromText(std::string text, const std::string &where)
{
    const auto key = fromHex(text);
    wipe(text);
    if (!key || key->size() != keyOctets)
        return fail(
            ErrorCode::Invalid, where + " holds no key: 64 hexadecimal digits are expected");
    return *key;
}

Result<Bytes> readKey(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary);
    std::string text;
    if (!in || !std::getline(in, text))
        return fail(ErrorCode::NotFound, "the key file " + file.string() + " cannot be read");
    return keyFromText(std::move(text), file.string());
}

Result<Bytes> makeKey(const std::filesystem::path &file)
{
    SystemRandom random;
    const Bytes key = random.bytes(keyOctets);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(ErrorCode::Conflict,
            "the key file " + file.string() + " cannot be made: " + std::strerror(errno)
                + ". A key that is there already is never replaced.");
    std::string text = toHex(key) + '\n';
    const bool isWritten
        = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size())
        && ::fsync(descriptor) == 0;
    wipe(text);
    ::close(descriptor);
    if (!isWritten)
        return fail(ErrorCode::Io, "the key file " + file.string() + " could not be written");
    return key;
}

// SQLite's own first octets; an encrypted file begins with chance.
bool isPlainFile(const std::filesystem::path &file)
{
    using namespace std::string_view_literals;
    constexpr std::string_view plain = "SQLite format 3\0"sv;
    std::ifstream in(file, std::ios::binary);
    std::string head(plain.size(), ' ');
    return in.read(head.data(), static_cast<std::streamsize>(head.size())) && head == plain;
}

// Reads the key back before it is used: a replica whose key was not kept could never be opened
// again.
Result<Bytes> makeKeychainKey(const Keychain &keychain, const std::string &name)
{
    SystemRandom random;
    Bytes key = random.bytes(keyOctets);
    std::string text = toHex(key);
    const Status written = keychain.write(name, text);
    if (written) {
        const auto kept = TRY(keychain.read(name));
        if (kept != text)
            return fail(ErrorCode::Io, "the keychain did not keep the key it was given");
    }
    wipe(text);
    TRY_STATUS(written);
    return key;
}

Result<Bytes> keyOfNewReplica(const KeyChoice &choice, const std::string &name)
{
    const auto kept = TRY(choice.keychain->read(name));
    // Of a replica that stood here before. It may come back from a backup, so its key stays.
    return kept ? keyFromText(*kept, "the keychain") : makeKeychainKey(*choice.keychain, name);
}

// SQLite writes whole pages, encrypted or not, of 512 octets or a multiple.
bool isNoReplica(const std::filesystem::path &file)
{
    std::error_code ignored;
    return std::filesystem::file_size(file, ignored) % 512 != 0;
}

tl::unexpected<Error> noReplica(const std::filesystem::path &file)
{
    return fail(ErrorCode::Invalid, file.string() + " is no Tend replica. Nothing was changed");
}

Result<Bytes> keyOfOldReplica(
    const KeyChoice &choice, const std::filesystem::path &file, const std::string &name)
{
    const std::string help
        = ". Nothing was changed. Where its key lies in a file, name it with --key-file FILE";
    if (isNoReplica(file))
        return noReplica(file);
    const auto kept = choice.keychain->read(name);
    if (!kept)
        return fail(ErrorCode::Unauthorized,
            name + " is encrypted and its key cannot be had: " + kept.error().message + help);
    if (!*kept)
        return fail(ErrorCode::Unauthorized,
            name + " is encrypted and the keychain holds no key under this name" + help);
    return keyFromText(**kept, "the keychain");
}

// The key to open with; empty for a plain file.
Result<Bytes> keyFor(const std::filesystem::path &file, const KeyChoice &choice, bool isThere)
{
    if (isThere && ::access(file.c_str(), R_OK) != 0)
        return fail(ErrorCode::Io, file.string() + " may not be read by this user");
    if (choice.isPlaintext)
        return Bytes();
    if (!choice.newKeyFile.empty() && !isThere)
        return makeKey(choice.newKeyFile);
    if (!choice.keyFile.empty())
        return readKey(choice.keyFile);
    if (const char *named = std::getenv("TEND_KEY_FILE"); named && *named)
        return readKey(named);
    if (isThere && isPlainFile(file))
        return Bytes();
    std::error_code ignored;
    const bool hasOwn
        = !choice.ownKeyFile.empty() && std::filesystem::exists(choice.ownKeyFile, ignored);
    if (hasOwn)
        return readKey(choice.ownKeyFile);
    std::string why = "no keychain answers here";
    if (choice.keychain) {
        const std::string name = keychainName(file);
        if (isThere)
            return keyOfOldReplica(choice, file, name);
        auto key = keyOfNewReplica(choice, name);
        // Whoever refused to unlock it did not ask for a key in a file instead.
        const bool isRefused = !key && key.error().code == ErrorCode::Unauthorized;
        if (key || (isRefused && !choice.ownKeyFile.empty()))
            return key;
        why = key.error().message;
    }
    if (!isThere && !choice.ownKeyFile.empty()) {
        std::filesystem::create_directories(choice.ownKeyFile.parent_path(), ignored);
        return makeKey(choice.ownKeyFile);
    }
    if (isThere && isNoReplica(file))
        return noReplica(file);
    if (isThere)
        return fail(ErrorCode::Unauthorized,
            file.string() + " is encrypted. Name its key with --key-file FILE");
    return fail(ErrorCode::Unauthorized,
        "there is no key for this replica and " + why
            + ". Give --key-file FILE, or make a key with --new-key-file FILE, or choose an "
              "unencrypted replica with --plaintext");
}

Status loadDeviceKey(OpenReplica &open)
{
    if (auto kept = TRY(open.store->fact(deviceKeyFact))) {
        open.key = TRY(crypto::DeviceKey::fromPem(*kept));
        wipe(*kept);
        return {};
    }
    open.key = TRY(crypto::DeviceKey::generate());
    Bytes pem = TRY(open.key->toPem());
    TRY_STATUS(open.store->records().begin());
    Status kept = open.store->keepFact(deviceKeyFact, pem);
    if (kept)
        kept = open.store->records().commit();
    if (!kept)
        open.store->records().rollback();
    wipe(pem);
    return kept;
}

}  // namespace

std::string keychainName(const std::filesystem::path &file)
{
    std::error_code ignored;
    // Absolute first: the name must be the same before and after the file is made.
    const auto whole
        = std::filesystem::weakly_canonical(std::filesystem::absolute(file, ignored), ignored);
    return whole.empty() ? file.string() : whole.string();
}

Result<std::unique_ptr<OpenReplica>> openReplicaFile(
    const std::filesystem::path &file, const KeyChoice &choice, WhenMissing whenMissing)
{
    // An empty file is none: what a cut-off init leaves behind.
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        return fail(ErrorCode::Invalid, file.string() + " is a directory, and no replica");
    const bool isThere
        = std::filesystem::exists(file) && std::filesystem::file_size(file, ignored) > 0;
    if (!isThere && whenMissing == WhenMissing::Fail)
        return fail(ErrorCode::NotFound,
            "there is no replica at " + file.string()
                + "; make one with: tendctl --replica FILE init");
    sqlite::OpenOptions options;
    options.key = TRY(keyFor(file, choice, isThere));
    if (!isThere) {
        if (file.has_parent_path())
            std::filesystem::create_directories(file.parent_path(), ignored);
        // Made before SQLite makes it, so that it is never readable by others.
        const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor < 0)
            return fail(ErrorCode::Io, file.string() + " cannot be made: " + std::strerror(errno));
        ::close(descriptor);
    }
    auto open = std::make_unique<OpenReplica>(file);
    open->store = TRY(SqliteStore::open(file, options, journalSchema()));
    TRY_STATUS(loadDeviceKey(*open));
    open->files = std::make_unique<FileStore>(
        file.string() + ".files", FileKey(*open->store, open->random));
    const Bytes digest = TRY(open->key->publicKeyDigest());
    open->replica = TRY(Replica::open(*open->store, journalSchema(), open->clock, open->random,
        open->mark, makeDerivedUuid(digest)));
    return open;
}

}  // namespace tend
