// wire-replay FOLDER...: runs the fuzz target over saved inputs, for builds without a fuzzer.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; ++i) {
        for (const auto &entry : std::filesystem::directory_iterator(argv[i])) {
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string octets((std::istreambuf_iterator<char>(in)), {});
            static_cast<void>(LLVMFuzzerTestOneInput(
                reinterpret_cast<const std::uint8_t *>(octets.data()), octets.size()));
            ++count;
        }
    }
    std::printf("%d saved inputs\n", count);
    return count > 0 ? 0 : 1;
}
