#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <QString>

#include "app/shell/stage.h"

namespace tend {

enum class Form { Phone, Laptop, Both };

// One page in one state: what is opened, and what is done to get there.
struct Scene {
    const char *name;
    Demonstration demonstration;
    Form form;
    double scale;
    bool rightToLeft;
    std::function<void(Stage &)> play;
};

// Every page and state worth looking at.
[[nodiscard]] const std::vector<Scene> &scenes();

struct PictureOptions {
    QString directory;  // must exist; empty: load only
    std::optional<QSize> size;
    std::optional<bool> dark;
    std::optional<double> scale;
};

// Plays every scene on a phone and a laptop, light and dark, and saves what is seen. Answers how
// many could not be played or saved, each named on the error stream.
[[nodiscard]] int takePictures(const PictureOptions &options);

// Plays every scene once and answers how many pages complained: any warning of QML is a complaint.
[[nodiscard]] int selfTest();

}  // namespace tend
