// doubles, unite, part.
#include "app/cli/asked.h"
#include "app/cli/lines.h"
#include "app/journal/look_alikes.h"
#include "app/journal/rule_words.h"
#include "app/journal/same_customers.h"
#include "app/journal/undo.h"

namespace tend::cli {

using namespace replica;

namespace {

std::vector<std::string> wordsOf(const std::vector<Likeness> &because)
{
    std::vector<std::string> words;
    for (const Likeness likeness : because)
        words.push_back(word(likeness));
    return words;
}

std::string sameWords(const std::vector<Likeness> &because)
{
    std::string text;
    for (const std::string &one : wordsOf(because))
        text += (text.empty() ? "" : ", ") + one;
    return text;
}

Status printPairs(const Common &common, LookAlikes &alikes)
{
    const auto pairs = TRY(alikes.pairs());
    for (const LookAlikePair &pair : pairs) {
        TRY_STATUS(common.isJson
                ? print({{"one", pair.one}, {"one_name", pair.oneName}, {"other", pair.other},
                    {"other_name", pair.otherName}, {"because", wordsOf(pair.because)}})
                : printLine(flat(pair.oneName) + "  and  " + flat(pair.otherName) + "   ("
                    + sameWords(pair.because) + ")\n  " + pair.one + "\n  " + pair.other));
    }
    if (pairs.empty() && !common.isJson)
        TRY_STATUS(printLine("No two customers look alike."));
    return {};
}

}  // namespace

Status doubles(const Common &common, const Entry &typed)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    LookAlikes alikes(open->store->database());
    const bool isTyped = !typed.name.empty() || !typed.phone.empty() || !typed.email.empty()
        || !typed.card.empty();
    if (!isTyped)
        return printPairs(common, alikes);
    const auto found = TRY(alikes.of(typed));
    for (const LookAlike &one : found)
        TRY_STATUS(common.isJson ? print({{"customer", one.customer}, {"name", one.entry.name},
                       {"because", wordsOf(one.because)}})
                                 : printLine(flat(one.entry.name) + "   (" + sameWords(one.because)
                                     + ")\n  " + one.customer));
    if (found.empty() && !common.isJson)
        TRY_STATUS(printLine("Nobody here looks like that."));
    return {};
}

Status uniteCustomers(const Common &common, const std::string &keep, const std::string &other)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Id root = TRY(customerNamed(*open, keep));
    const Id second = TRY(customerNamed(*open, other));
    TRY_STATUS(unite(*open->replica, open->store->database(), root, second));
    return printLine(common.isJson ? Json{{"customer", root}, {"double", second}}.dump()
                                   : "One page for both now. Take it back with: tendctl undo "
                + std::to_string(TRY(recentDeeds(*open->store, *open->replica, 1)).at(0).number));
}

Status partCustomer(const Common &common, const std::string &customer)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Id row = TRY(customerNamed(*open, customer, Named::Row));
    TRY_STATUS(part(*open->replica, open->store->database(), row));
    return printLine(common.isJson ? Json{{"double", row}}.dump()
                                   : "A page each again. Take it back with: tendctl undo "
                + std::to_string(TRY(recentDeeds(*open->store, *open->replica, 1)).at(0).number));
}

}  // namespace tend::cli
