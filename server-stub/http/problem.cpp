#include "server-stub/http/problem.h"

#include <nlohmann/json.hpp>

namespace tend::server::http {

namespace {

const char *titleOf(int status)
{
    switch (status) {
    case 400:
        return "The request is malformed";
    case 401:
        return "This device is not known here";
    case 403:
        return "Not allowed";
    case 404:
        return "There is nothing here";
    case 405:
        return "This method is not served here";
    case 408:
        return "The request took too long";
    case 413:
        return "The request is too large";
    case 415:
        return "This kind of content is not served here";
    case 426:
        return "Another version is spoken here";
    case 429:
        return "Too many requests";
    case 431:
        return "The header is too large";
    case 503:
        return "The server is busy";
    case 507:
        return "The server's disk is full";
    default:
        return "The server failed";
    }
}

}  // namespace

std::string problemDocument(const Problem &problem)
{
    const nlohmann::json document = {{"type", "about:blank"}, {"title", titleOf(problem.status)},
        {"status", problem.status}, {"detail", problem.detail}};
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace tend::server::http
