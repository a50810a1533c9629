#include "app/interop/calendar_zones.h"

#include <unicode/timezone.h>
#include <unicode/unistr.h>

namespace tend {

namespace {

std::string olsonNameOf(const std::string &windowsName)
{
    UErrorCode failed = U_ZERO_ERROR;
    icu::UnicodeString id;
    icu::TimeZone::getIDForWindowsID(
        icu::UnicodeString::fromUTF8(windowsName), nullptr, id, failed);
    std::string name;
    if (U_SUCCESS(failed))
        id.toUTF8String(name);
    return name;
}

}  // namespace

icaltimezone *zoneCalled(const std::string &name)
{
    if (icaltimezone *zone = icaltimezone_get_builtin_timezone(name.c_str()))
        return zone;
    // How long a prefix is, each vendor decides.
    for (std::size_t at = name.find('/'); at != std::string::npos && name.front() == '/';
         at = name.find('/', at + 1)) {
        if (icaltimezone *zone = icaltimezone_get_builtin_timezone(name.c_str() + at + 1))
            return zone;
    }
    const std::string olson = olsonNameOf(name);
    return olson.empty() ? nullptr : icaltimezone_get_builtin_timezone(olson.c_str());
}

}  // namespace tend
