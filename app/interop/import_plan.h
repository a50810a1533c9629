#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/interop/vcard.h"
#include "sync/domain/change.h"
#include "sync/domain/manifest.h"

namespace tend {

// What an import means to do with one record of a file.
enum class Verdict { Make, Change, Same, Reject };

struct PlannedChange {
    replica::Change change;
    std::vector<replica::Value> before;  // beside the assignments of an update
};

struct PlannedRecord {
    std::size_t line = 0;  // of the file, from 1
    Verdict verdict = Verdict::Same;
    std::string name;  // what people call it
    std::string reason;  // of a rejection
    std::vector<std::string> notes;  // what whoever imports should know
    std::vector<std::string> touched;  // the fields that change
    std::vector<PlannedChange> changes;
    std::string text;  // as it stood in the file
};

// A photo on its way to become an attachment.
struct PlannedFile {
    replica::Manifest manifest;
    replica::Bytes octets;
};

// All of an import before anything is written. The same file over the same rows plans the same.
struct ImportPlan {
    std::string file;
    std::string format;
    std::string source;  // whose ids its records have: vcard, hubspot, ...
    std::vector<std::string> notes;  // about the file as a whole
    std::vector<PlannedRecord> records;
    std::vector<PlannedFile> files;

    [[nodiscard]] std::size_t count(Verdict verdict) const;
    void reject(const InputFault &fault);
};

}  // namespace tend
