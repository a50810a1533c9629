#include "sync/protocol/file_messages.h"

#include "files.pb.h"
#include "sync/domain/manifest.h"

namespace replica {

namespace {

namespace wire = tend::v1;

tl::unexpected<Error> malformed(const char *what)
{
    return fail(ErrorCode::Invalid, std::string("malformed message: ") + what);
}

template <typename Message>
Result<Message> parsed(BytesView octets)
{
    Message message;
    if (octets.size() > pageBytesMax
        || !message.ParseFromArray(octets.data(), static_cast<int>(octets.size())))
        return malformed("not one of ours");
    return message;
}

void put(wire::FileName &into, const FileName &file)
{
    into.set_table(static_cast<std::uint32_t>(file.table));
    into.set_row(Bytes(file.row.bytes()));
    into.set_digest(file.digest);
}

Result<FileName> take(const wire::FileName &name)
{
    const auto row = uuidOf(name.row());
    if (!row || name.digest().size() != digestOctets)
        return malformed("a file is named by 16 octets of its row and 32 of its digest");
    return FileName{TableId{name.table()}, *row, name.digest()};
}

}  // namespace

Bytes encode(const FileStateRequest &message)
{
    wire::FileStateRequest into;
    into.set_version(message.version);
    for (const FileName &file : message.files)
        put(*into.add_files(), file);
    return into.SerializeAsString();
}

Bytes encode(const FileStateAnswer &message)
{
    wire::FileStateAnswer into;
    for (const FileState &state : message.files) {
        wire::FileState &one = *into.add_files();
        one.set_is_known(state.isKnown);
        one.set_chunks(state.chunks);
    }
    return into.SerializeAsString();
}

Bytes encode(const FilePutRequest &message)
{
    wire::FilePutRequest into;
    into.set_version(message.version);
    put(*into.mutable_file(), message.file);
    into.set_chunk(message.chunk);
    into.set_octets(message.octets);
    return into.SerializeAsString();
}

Bytes encode(const FilePutAnswer &message)
{
    wire::FilePutAnswer into;
    into.set_is_whole(message.isWhole);
    return into.SerializeAsString();
}

Bytes encode(const FileGetRequest &message)
{
    wire::FileGetRequest into;
    into.set_version(message.version);
    put(*into.mutable_file(), message.file);
    into.set_chunk(message.chunk);
    return into.SerializeAsString();
}

Bytes encode(const FileGetAnswer &message)
{
    wire::FileGetAnswer into;
    into.set_is_here(message.isHere);
    into.set_octets(message.octets);
    return into.SerializeAsString();
}

Result<FileStateRequest> decodeFileStateRequest(BytesView octets)
{
    const auto message = TRY(parsed<wire::FileStateRequest>(octets));
    if (message.files_size() > static_cast<int>(filesAskedMax))
        return malformed("more files than may be asked for at once");
    FileStateRequest request{message.version(), {}};
    for (const wire::FileName &file : message.files())
        request.files.push_back(TRY(take(file)));
    return request;
}

Result<FileStateAnswer> decodeFileStateAnswer(BytesView octets)
{
    const auto message = TRY(parsed<wire::FileStateAnswer>(octets));
    FileStateAnswer answer;
    for (const wire::FileState &file : message.files())
        answer.files.push_back({file.is_known(), file.chunks()});
    return answer;
}

Result<FilePutRequest> decodeFilePutRequest(BytesView octets)
{
    auto message = TRY(parsed<wire::FilePutRequest>(octets));
    return FilePutRequest{message.version(), TRY(take(message.file())), message.chunk(),
        std::move(*message.mutable_octets())};
}

Result<FilePutAnswer> decodeFilePutAnswer(BytesView octets)
{
    return FilePutAnswer{TRY(parsed<wire::FilePutAnswer>(octets)).is_whole()};
}

Result<FileGetRequest> decodeFileGetRequest(BytesView octets)
{
    const auto message = TRY(parsed<wire::FileGetRequest>(octets));
    return FileGetRequest{message.version(), TRY(take(message.file())), message.chunk()};
}

Result<FileGetAnswer> decodeFileGetAnswer(BytesView octets)
{
    auto message = TRY(parsed<wire::FileGetAnswer>(octets));
    return FileGetAnswer{message.is_here(), std::move(*message.mutable_octets())};
}

}  // namespace replica
