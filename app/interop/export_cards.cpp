// Customers as cards.
#include <algorithm>

#include "app/interop/contact_known.h"
#include "app/interop/export.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"
#include "sync/records/named_files.h"

namespace tend {

using namespace replica;

namespace {

class CardExport {
public:
    CardExport(const Interop &interop, CardVersion version)
        : m_interop(interop)
        , m_version(version)
    {
    }

    Result<std::string> card(const RowId &id, const Change &row)
    {
        TRY_STATUS(findOutside(id));
        const Card before = cardFromKept(m_kept);
        Card card = cardWith(before, TRY(fieldsOf(row)), m_version);
        if (!card.property("UID"))
            card.properties.push_back({{}, "UID", {},
                m_version == CardVersion::V4 ? "urn:uuid:" + toText(id) : toText(id), 0});
        const bool isAsItCame = !before.properties.empty()
            && std::equal(card.properties.begin(), card.properties.end(), before.properties.begin(),
                before.properties.end(), [](const ContentLine &one, const ContentLine &other) {
                    return one.isSameAs(other);
                });
        if (!isAsItCame)
            TRY_STATUS(setRevision(card, id));
        TRY_STATUS(addPhoto(card));
        return writeCard(card, m_version);
    }

    [[nodiscard]] const PhotosLeftOut &photosLeftOut() const { return m_leftOut; }

private:
    Status findOutside(const RowId &customer)
    {
        auto select = TRY(m_interop.store.database().prepare(
            "SELECT coalesce(kept, ''), photo_id FROM outside_record WHERE customer_id = ?1 AND "
            "source = 'vcard' AND visit_id IS NULL AND follow_up_id IS NULL AND promise_id IS NULL "
            "ORDER BY _n"));
        m_kept.clear();
        m_photo.reset();
        if (TRY(select.bindBlob(1, customer.bytes()).step())) {
            m_kept = std::string(select.text(0));
            m_photo = uuidOf(select.blob(1));
        }
        return {};
    }

    Result<std::map<std::string, std::string>> fieldsOf(const Change &row)
    {
        std::map<std::string, std::string> fields;
        for (const char *field : contactFields)
            fields[field].clear();
        for (const Assignment &given : row.assignments) {
            const std::string &column = customerTable().column(given.column)->name;
            const auto *text = std::get_if<std::string>(&given.value);
            if (text && fields.count(column) > 0)
                fields[column] = *text;
            const auto *link = std::get_if<Blob>(&given.value);
            if (link && column == "organisation_id")
                fields["organisation"] = TRY(nameOf(uuidOf(link->octets).value_or(RowId{})));
        }
        if (fields["kind"].empty())
            fields["kind"] = "person";
        if (fields["kind"] == "organisation")
            fields["organisation"].clear();
        return fields;
    }

    Result<std::string> nameOf(const RowId &customer)
    {
        auto select
            = TRY(m_interop.store.database().prepare("SELECT name FROM customer WHERE id = ?1"));
        const bool isThere = TRY(select.bindBlob(1, customer.bytes()).step());
        return isThere ? std::string(select.text(0)) : std::string();
    }

    Status setRevision(Card &card, const RowId &id)
    {
        std::string moment = timeText(TRY(lastWritten(m_interop.store, customerTable(), id)));
        moment = moment.substr(0, 19) + 'Z';
        if (m_version == CardVersion::V4)
            std::erase_if(moment, [](char letter) { return letter == '-' || letter == ':'; });
        std::erase_if(card.properties, [](const ContentLine &line) { return line.name == "REV"; });
        card.properties.push_back({{}, "REV", {}, std::move(moment), 0});
        return {};
    }

    // One whose file is here.
    Status addPhoto(Card &card)
    {
        if (!m_photo || !m_interop.files || card.property("PHOTO"))
            return {};
        const TableId table = journalSchema().table("attachment")->id;
        const auto manifest
            = TRY(fileOf(m_interop.replica.records(), journalSchema(), {table, *m_photo}));
        if (!manifest)
            return {};
        const bool isTooLarge = manifest->size() > cardPhotoOctetsMax;
        if (isTooLarge || !TRY(m_interop.files->isWhole(*manifest))) {
            const ContentLine *name = card.property("FN");
            (isTooLarge ? m_leftOut.tooLarge : m_leftOut.notHere)
                .push_back(name ? plainText(name->value) : std::string());
            return {};
        }
        Bytes octets;
        for (std::size_t i = 0; i < manifest->chunkCount(); ++i)
            octets += TRY(m_interop.files->read(*manifest, i));
        auto type = TRY(m_interop.store.database().prepare(
            "SELECT coalesce(media_type, '') FROM attachment WHERE id = ?1"));
        const bool isThere = TRY(type.bindBlob(1, m_photo->bytes()).step());
        card.properties.push_back(
            octetsProperty("PHOTO", octets, isThere ? std::string(type.text(0)) : ""));
        return {};
    }

    const Interop &m_interop;
    CardVersion m_version;
    std::string m_kept;
    std::optional<RowId> m_photo;
    PhotosLeftOut m_leftOut;
};

}  // namespace

Result<PhotosLeftOut> exportCards(const Interop &interop, CardVersion version, const Sink &sink)
{
    CardExport cards(interop, version);
    Records &records = interop.replica.records();
    for (const RowId &id : TRY(records.rowIds(customerTable().id))) {
        if (const auto row = TRY(records.row(customerTable().id, id)))
            TRY_STATUS(sink(TRY(cards.card(id, *row))));
    }
    return cards.photosLeftOut();
}

Result<WallTime> lastWritten(SqliteStore &store, const Table &table, const RowId &row)
{
    auto select = TRY(store.database().prepare(
        "SELECT max(made_at_ms) FROM grp WHERE ord IN (SELECT _g FROM \"" + table.name
        + "\" WHERE id = ?1 UNION ALL SELECT grp FROM cell WHERE tbl = ?2 AND row = ?1)"));
    select.bindBlob(1, row.bytes()).bind(2, static_cast<std::int64_t>(table.id));
    return TRY(select.step()) ? WallTime{select.int64(0)} : WallTime{};
}

}  // namespace tend
