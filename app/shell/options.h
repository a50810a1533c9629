#pragma once

#include <filesystem>

#include <QGuiApplication>

#include "app/shell/scenes.h"

namespace tend {

// What the command line asked for.
struct Options {
    std::filesystem::path replica;
    std::filesystem::path keyFile;  // empty: as openReplica() finds it
    QString argument;  // an invitation, or the whole path of a file of contacts; may be empty
    bool selfTest = false;
    QString demo;  // a directory; empty: no demo
    PictureOptions pictures;
};

// Ends the program with 0 for --help and --version, and with 2 for what it does not know.
[[nodiscard]] Options parseOptions(const QGuiApplication &app);

}  // namespace tend
