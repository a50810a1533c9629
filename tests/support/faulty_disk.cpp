#include "tests/support/faulty_disk.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sqlite3.h>

#include "sync/base/ensure.h"

namespace replica::test {

namespace {

using Call = FaultyDisk::Call;

sqlite3_vfs *realDisk = nullptr;

// The real file lies right behind it.
struct File {
    sqlite3_file base;
    char path[512];

    [[nodiscard]] sqlite3_file *real() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

File *fileOf(sqlite3_file *file)
{
    return reinterpret_cast<File *>(file);
}

sqlite3_file *realOf(sqlite3_file *file)
{
    return fileOf(file)->real();
}

// SQLite's tables of functions. What does not change a file goes straight through.
int closeFile(sqlite3_file *file)
{
    return realOf(file)->pMethods->xClose(realOf(file));
}

int readFile(sqlite3_file *file, void *into, int octets, sqlite3_int64 at)
{
    return realOf(file)->pMethods->xRead(realOf(file), into, octets, at);
}

int writeFile(sqlite3_file *file, const void *from, int octets, sqlite3_int64 at)
{
    bool isHalf = false;
    const int code = FaultyDisk::instance().strike(Call::Write, isHalf);
    if (code == SQLITE_OK)
        return realOf(file)->pMethods->xWrite(realOf(file), from, octets, at);
    if (isHalf)
        static_cast<void>(realOf(file)->pMethods->xWrite(realOf(file), from, octets / 2, at));
    return code;
}

int truncateFile(sqlite3_file *file, sqlite3_int64 size)
{
    bool isHalf = false;
    const int code = FaultyDisk::instance().strike(Call::Truncate, isHalf);
    return code != SQLITE_OK ? code : realOf(file)->pMethods->xTruncate(realOf(file), size);
}

int syncFile(sqlite3_file *file, int flags)
{
    bool isHalf = false;
    int code = FaultyDisk::instance().strike(Call::Sync, isHalf);
    if (code == SQLITE_OK)
        code = realOf(file)->pMethods->xSync(realOf(file), flags);
    if (code == SQLITE_OK)
        FaultyDisk::instance().synced(fileOf(file)->path);
    return code;
}

int sizeOfFile(sqlite3_file *file, sqlite3_int64 *size)
{
    return realOf(file)->pMethods->xFileSize(realOf(file), size);
}

int lockFile(sqlite3_file *file, int level)
{
    return realOf(file)->pMethods->xLock(realOf(file), level);
}

int unlockFile(sqlite3_file *file, int level)
{
    return realOf(file)->pMethods->xUnlock(realOf(file), level);
}

int isReserved(sqlite3_file *file, int *result)
{
    return realOf(file)->pMethods->xCheckReservedLock(realOf(file), result);
}

int controlFile(sqlite3_file *file, int what, void *argument)
{
    return realOf(file)->pMethods->xFileControl(realOf(file), what, argument);
}

int sectorSize(sqlite3_file *file)
{
    return realOf(file)->pMethods->xSectorSize(realOf(file));
}

int traits(sqlite3_file *file)
{
    return realOf(file)->pMethods->xDeviceCharacteristics(realOf(file));
}

int mapShared(sqlite3_file *file, int region, int size, int extends, void volatile **at)
{
    return realOf(file)->pMethods->xShmMap(realOf(file), region, size, extends, at);
}

int lockShared(sqlite3_file *file, int offset, int count, int flags)
{
    return realOf(file)->pMethods->xShmLock(realOf(file), offset, count, flags);
}

void orderShared(sqlite3_file *file)
{
    realOf(file)->pMethods->xShmBarrier(realOf(file));
}

int unmapShared(sqlite3_file *file, int removes)
{
    return realOf(file)->pMethods->xShmUnmap(realOf(file), removes);
}

const sqlite3_io_methods fileMethods{2, closeFile, readFile, writeFile, truncateFile, syncFile,
    sizeOfFile, lockFile, unlockFile, isReserved, controlFile, sectorSize, traits, mapShared,
    lockShared, orderShared, unmapShared, nullptr, nullptr};

int openFile(sqlite3_vfs *, sqlite3_filename path, sqlite3_file *file, int flags, int *flagsGiven)
{
    file->pMethods = nullptr;
    bool isHalf = false;
    if (const int code = FaultyDisk::instance().strike(Call::Open, isHalf); code != SQLITE_OK)
        return code == SQLITE_FULL ? SQLITE_CANTOPEN : code;
    const int code = realDisk->xOpen(realDisk, path, realOf(file), flags, flagsGiven);
    if (!realOf(file)->pMethods)
        return code;
    std::snprintf(fileOf(file)->path, sizeof fileOf(file)->path, "%s", path ? path : "");
    file->pMethods = &fileMethods;
    if (path)
        FaultyDisk::instance().touched(path);
    return code;
}

int deleteFile(sqlite3_vfs *, const char *path, int syncs)
{
    bool isHalf = false;
    int code = FaultyDisk::instance().strike(Call::Delete, isHalf);
    if (code == SQLITE_OK)
        code = realDisk->xDelete(realDisk, path, syncs);
    if (code == SQLITE_OK)
        FaultyDisk::instance().removed(path);
    return code;
}

std::string octetsOf(const std::string &path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

FaultyDisk &FaultyDisk::instance()
{
    static FaultyDisk disk;
    return disk;
}

FaultyDisk::FaultyDisk()
{
    realDisk = sqlite3_vfs_find("unix");
    ENSURE(realDisk);
    static sqlite3_vfs faulty = *realDisk;
    faulty.zName = "faulty";
    faulty.pNext = nullptr;
    faulty.szOsFile = static_cast<int>(sizeof(File)) + realDisk->szOsFile;
    faulty.xOpen = openFile;
    faulty.xDelete = deleteFile;
    ENSURE(sqlite3_vfs_register(&faulty, 0) == SQLITE_OK);
    ENSURE(sqlite3mc_vfs_create("faulty", 1) == SQLITE_OK);
}

void FaultyDisk::arm(Fault fault, std::uint64_t at)
{
    m_fault = fault;
    m_at = at;
    m_calls = 0;
    m_hasStruck = false;
    m_touched.clear();
    m_durable.clear();
}

void FaultyDisk::heal()
{
    const bool wasLost = m_fault == Fault::PowerLoss && m_hasStruck;
    m_fault = Fault::None;
    if (!wasLost)
        return;
    for (const std::string &path : m_touched) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        std::filesystem::remove(path + "-shm", ignored);
        if (const auto kept = m_durable.find(path); kept != m_durable.end())
            std::ofstream(path, std::ios::binary) << kept->second;
    }
}

int FaultyDisk::strike(Call call, bool &isHalf)
{
    ++m_calls;
    if (m_fault == Fault::None || m_calls < m_at)
        return SQLITE_OK;
    switch (m_fault) {
    case Fault::None:
        break;
    case Fault::Error:
    case Fault::ShortWrite:
        if (m_calls != m_at)
            return SQLITE_OK;
        isHalf = m_fault == Fault::ShortWrite;
        break;
    case Fault::Full:
        if (call != Call::Write)
            return SQLITE_OK;
        m_hasStruck = true;
        return SQLITE_FULL;
    case Fault::PowerLoss:
        break;
    }
    m_hasStruck = true;
    switch (call) {
    case Call::Open:
        return SQLITE_CANTOPEN;
    case Call::Write:
        return SQLITE_IOERR_WRITE;
    case Call::Sync:
        return SQLITE_IOERR_FSYNC;
    case Call::Truncate:
        return SQLITE_IOERR_TRUNCATE;
    case Call::Delete:
        return SQLITE_IOERR_DELETE;
    }
    return SQLITE_IOERR;
}

// As found: what was there before the play began had been synced long ago.
void FaultyDisk::touched(const std::string &path)
{
    if (!m_touched.insert(path).second)
        return;
    if (std::filesystem::exists(path) && std::filesystem::file_size(path) > 0)
        m_durable[path] = octetsOf(path);
}

void FaultyDisk::synced(const std::string &path)
{
    m_durable[path] = octetsOf(path);
}

void FaultyDisk::removed(const std::string &path)
{
    m_durable.erase(path);
}

}  // namespace replica::test
