#pragma once

#include <string>

#include "server-stub/http/handler.h"

namespace tend::server::http {

// RFC 9457: type, title, status, detail.
[[nodiscard]] std::string problemDocument(const Problem &problem);

}  // namespace tend::server::http
