// What a contact changes at the customer it is.
#include <algorithm>

#include "app/interop/contact_known.h"
#include "app/interop/row_json.h"
#include "app/journal/tables.h"
#include "sync/crypto/digest.h"

namespace tend {

using namespace replica;

namespace {

// Short: it tells an earlier value from another one, and tells nobody what it was.
std::string digestOf(const std::string &value)
{
    return toHex(crypto::sha256(value).substr(0, 6));
}

// Set where somebody here knew the customer before the other program did: docs/RULES.md, "never
// talked". Read by FactsReader too.
constexpr const char *joinedMark = "joined";

std::string broughtOf(const Contact &contact, bool hasJoined)
{
    Json brought = Json::object();
    if (hasJoined)
        brought[joinedMark] = true;
    for (const auto &[field, value] : contact.fields)
        brought[field] = digestOf(value);
    return brought.dump();
}

// What the last import brought of a field; nothing where none did.
std::optional<std::string> broughtDigest(const Json &brought, const std::string &field)
{
    const auto at = brought.is_object() ? brought.find(field) : brought.end();
    if (!brought.is_object() || at == brought.end() || !at->is_string())
        return std::nullopt;
    return at->get<std::string>();
}

Value valueAt(const std::map<std::string, Value> &values, const std::string &column)
{
    const auto at = values.find(column);
    return at == values.end() ? Value{} : at->second;
}

std::string textOf(const Value &value)
{
    const auto *text = std::get_if<std::string>(&value);
    return text ? *text : std::string();
}

// A card as we write it ourselves, with nothing that only another program knows.
bool isPlainCard(const std::string &kept)
{
    static const std::vector<std::string> ours = {"UID", "FN", "N", "KIND", "ORG", "TEL", "EMAIL",
        "ADR", "TITLE", "NOTE", "X-TEND-PLACE", "X-ABSHOWAS", "PRODID", "REV"};
    const Card card = cardFromKept(kept);
    return std::all_of(card.properties.begin(), card.properties.end(), [](const ContentLine &line) {
        return line.parameters.empty() && line.group.empty()
            && std::find(ours.begin(), ours.end(), line.name) != ours.end();
    });
}

// Octets that take too much room leave the card, and it is said.
std::string shortened(const std::string &kept, std::vector<std::string> &notes)
{
    if (kept.size() <= rowOctetsMax / 2 || kept.substr(0, 6) != "vcard ")
        return kept;
    Card card = cardFromKept(kept);
    while (keptOf(card).size() > rowOctetsMax / 2) {
        const auto largest = std::max_element(card.properties.begin(), card.properties.end(),
            [](const ContentLine &one, const ContentLine &other) {
                return one.value.size() < other.value.size();
            });
        if (largest == card.properties.end() || !octetsOf(*largest))
            break;
        notes.push_back("its " + largest->name + " of "
            + std::to_string(largest->value.size() >> 10U) + " KiB is too large and was left out");
        card.properties.erase(largest);
    }
    return keptOf(card);
}

std::string endingOf(const std::string &mediaType)
{
    if (mediaType == "image/jpeg")
        return ".jpg";
    return mediaType.rfind("image/", 0) == 0 ? '.' + mediaType.substr(6) : std::string();
}

std::optional<Manifest> manifestOf(BytesView octets)
{
    Bytes chunks;
    for (std::size_t at = 0; at < octets.size(); at += chunkOctets)
        chunks += crypto::sha256(octets.substr(at, chunkOctets));
    return Manifest::make(crypto::sha256(octets), octets.size(), std::move(chunks));
}

}  // namespace

Result<std::optional<ContactPlanner::Outside>> ContactPlanner::Outside::from(
    sqlite::Statement &select)
{
    std::optional<Outside> found;
    if (TRY(select.step()))
        found = Outside{uuidOf(select.blob(0)).value_or(RowId{}),
            uuidOf(select.blob(1)).value_or(RowId{}), std::string(select.text(2)),
            std::string(select.text(3)), std::string(select.text(4)), uuidOf(select.blob(5))};
    select.reset();
    return found;
}

Status ContactPlanner::planFields(const Contact &contact, Known &known, PlannedRecord &record)
{
    const auto parsed = parseJson(known.outside ? known.outside->brought : "");
    const Json brought = parsed ? *parsed : Json();
    const bool isNew = known.isNew;
    PlannedChange planned;
    ChangeBuilder change("customer", known.id, isNew ? ChangeKind::Insert : ChangeKind::Update);
    std::map<ColumnId, Value> before;
    const auto set = [&](const std::string &field, const std::string &value) -> Status {
        const std::string column = field == "organisation" ? "organisation_id" : field;
        const Value wanted = field == "organisation" ? TRY(organisation(value, record))
            : value.empty()                          ? Value{}
                                                     : Value{value};
        if (wanted == valueAt(known.values, column))
            return {};
        change.set(column.c_str(), wanted);
        before[customerTable().column(column)->id] = valueAt(known.values, column);
        record.touched.push_back(field);
        return {};
    };
    for (const std::string field : contactFields) {
        const auto given = contact.fields.find(field);
        if (given == contact.fields.end()) {
            if (isNew && field == "kind")
                TRY_STATUS(set(field, "person"));
            continue;
        }
        const std::string &value = given->second;
        const std::string now
            = field == "organisation" ? known.organisation : textOf(valueAt(known.values, field));
        const auto last = broughtDigest(brought, field);
        const bool isSaidAnew = !last || *last != digestOf(value);
        if (value == now || !isSaidAnew || (value.empty() && field == "name"))
            continue;
        if (isNew || (last && !value.empty()) || now.empty()) {
            if (isNew && value.empty())
                continue;
            TRY_STATUS(set(field, value));
        } else if (value.empty()) {
            // The file lost it. It goes here too, unless people have put something else there.
            if (last && digestOf(now) == *last)
                TRY_STATUS(set(field, {}));
        } else if (known.isByOwnId) {
            TRY_STATUS(set(field, value));
        } else {
            record.notes.push_back(field + " stays '" + now + "'; the file says '" + value + "'");
        }
    }
    if (isNew && m_territory)
        change.set("territory_id", Blob{Bytes(m_territory->bytes())});
    planned.change = change.take();
    for (const Assignment &given : planned.change.assignments)
        planned.before.push_back(before.count(given.column) > 0 ? before[given.column] : Value{});
    if (isNew || !planned.change.assignments.empty())
        record.changes.push_back(std::move(planned));
    return {};
}

Status ContactPlanner::planPhoto(
    const Contact &contact, Known &known, PlannedRecord &record, ImportPlan &into)
{
    known.photo = known.outside ? known.outside->photo : std::nullopt;
    if (!contact.photo || !m_files)
        return {};
    auto manifest = manifestOf(contact.photo->octets);
    if (!manifest) {
        record.notes.emplace_back("its photo cannot be kept, and was left out");
        return {};
    }
    const Table &table = *journalSchema().table("attachment");
    const auto last
        = known.photo ? TRY(m_replica.records().row(table.id, *known.photo)) : std::nullopt;
    const ColumnId digest = table.column("digest")->id;
    const bool isSame = last
        && std::any_of(
            last->assignments.begin(), last->assignments.end(), [&](const Assignment &given) {
                return given.column == digest && given.value == Value{toHex(manifest->digest())};
            });
    if (isSame)
        return {};
    known.photo = makeUuid7(m_replica.now(), m_random);
    ChangeBuilder photo("attachment", *known.photo, ChangeKind::Insert);
    photo.set("customer_id", Blob{Bytes(known.id.bytes())})
        .text("name", "photo" + endingOf(contact.photo->mediaType))
        .text("media_type", contact.photo->mediaType)
        .set("size", static_cast<std::int64_t>(manifest->size()))
        .text("digest", toHex(manifest->digest()))
        .set("chunks", Blob{manifest->chunks()});
    record.changes.push_back({photo.take(), {}});
    record.touched.emplace_back("photo");
    into.files.push_back({*std::move(manifest), contact.photo->octets});
    return {};
}

Status ContactPlanner::planOutside(
    const Contact &contact, const Known &known, PlannedRecord &record)
{
    std::string kept = contact.kept;
    if (contact.photo && !m_files)
        kept += writeContentLine(
            octetsProperty("PHOTO", contact.photo->octets, contact.photo->mediaType));
    kept = shortened(kept, record.notes);
    if (!known.outside && known.isByOwnId && record.touched.empty() && isPlainCard(kept))
        return {};  // our own card, come back as it left
    const std::string foreignId = identityOf(contact);
    const auto before = parseJson(known.outside ? known.outside->brought : "");
    const bool hasJoined = known.outside
        ? before && before->is_object() && before->contains(joinedMark)
        : !known.isNew;
    const std::string brought = broughtOf(contact, hasJoined);
    if (!known.outside) {
        const Bytes digest
            = crypto::sha256({known.id.bytes(), m_source, BytesView("\n"), foreignId});
        ChangeBuilder made("outside_record", makeDerivedUuid(digest), ChangeKind::Insert);
        made.set("customer_id", Blob{Bytes(known.id.bytes())})
            .text("source", m_source)
            .text("foreign_id", foreignId)
            .text("kept", kept)
            .text("brought", brought);
        if (known.photo)
            made.set("photo_id", Blob{Bytes(known.photo->bytes())});
        record.changes.push_back({made.take(), {}});
        return {};
    }
    const Outside &last = *known.outside;
    PlannedChange planned;
    ChangeBuilder change("outside_record", last.id, ChangeKind::Update);
    const auto set = [&](const char *column, const std::string &now, const std::string &wanted) {
        if (now == wanted)
            return;
        change.text(column, wanted);
        planned.before.push_back(now.empty() ? Value{} : Value{now});
    };
    // In the order of the columns, as the change will have them.
    set("foreign_id", last.foreignId, foreignId);
    set("kept", last.kept, kept);
    set("brought", last.brought, brought);
    if (known.photo != last.photo && known.photo) {
        change.set("photo_id", Blob{Bytes(known.photo->bytes())});
        planned.before.push_back(last.photo ? Value{Blob{Bytes(last.photo->bytes())}} : Value{});
    }
    planned.change = change.take();
    if (!planned.change.assignments.empty())
        record.changes.push_back(std::move(planned));
    return {};
}

}  // namespace tend
