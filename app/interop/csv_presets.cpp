#include "app/interop/csv_presets.h"

namespace tend {

namespace {

// Where several columns fill one field, the first that is not empty does; all of them are kept.
const CsvPreset linkedin = {"linkedin", {{"First Name", "Last Name", "URL", "Connected On"}},
    {{"First Name", "first_name"}, {"Last Name", "last_name"}, {"URL", "id"},
        {"Email Address", "email"}, {"Company", "organisation"}, {"Position", "title"}}};

const CsvPreset google = {"google",
    {{"E-mail 1 - Value", "Given Name"}, {"E-mail 1 - Value", "Organization Name"},
        {"Phone 1 - Value", "Given Name"}, {"Phone 1 - Value", "Organization Name"},
        {"First Name", "Phonetic First Name", "File As"}},
    {{"Name", "name"}, {"Given Name", "first_name"}, {"Additional Name", "middle_name"},
        {"Family Name", "last_name"}, {"Name Prefix", "prefix"}, {"Name Suffix", "suffix"},
        {"First Name", "first_name"}, {"Middle Name", "middle_name"}, {"Last Name", "last_name"},
        {"E-mail 1 - Value", "email"}, {"E-mail 2 - Value", "email"}, {"Phone 1 - Value", "phone"},
        {"Phone 2 - Value", "phone"}, {"Organization 1 - Name", "organisation"},
        {"Organization 1 - Title", "title"}, {"Organization Name", "organisation"},
        {"Organization Title", "title"}, {"Address 1 - Formatted", "address"},
        {"Address 1 - Street", "street"}, {"Address 1 - Postal Code", "postcode"},
        {"Address 1 - City", "city"}, {"Address 1 - Region", "region"},
        {"Address 1 - Country", "country"}, {"Address 2 - Street", "street"},
        {"Address 2 - Postal Code", "postcode"}, {"Address 2 - City", "city"},
        {"Address 2 - Region", "region"}, {"Address 2 - Country", "country"}, {"Notes", "note"}}};

const CsvPreset outlook = {"outlook",
    {{"First Name", "Last Name", "E-mail Address", "Business Phone"},
        {"First Name", "Last Name", "E-mail Address", "Mobile Phone"}},
    {{"Title", "keep"}, {"First Name", "first_name"}, {"Middle Name", "middle_name"},
        {"Last Name", "last_name"}, {"Suffix", "suffix"}, {"Company", "organisation"},
        {"Job Title", "title"}, {"E-mail Address", "email"}, {"E-mail 2 Address", "email"},
        {"E-mail 3 Address", "email"}, {"Mobile Phone", "phone"}, {"Business Phone", "phone"},
        {"Primary Phone", "phone"}, {"Home Phone", "phone"}, {"Company Main Phone", "phone"},
        {"Business Street", "street"}, {"Business Postal Code", "postcode"},
        {"Business City", "city"}, {"Business State", "region"},
        {"Business Country/Region", "country"}, {"Business Country", "country"},
        {"Home Street", "street"}, {"Home Postal Code", "postcode"}, {"Home City", "city"},
        {"Home State", "region"}, {"Home Country/Region", "country"}, {"Home Country", "country"},
        {"Other Street", "street"}, {"Other Postal Code", "postcode"}, {"Other City", "city"},
        {"Other State", "region"}, {"Other Country/Region", "country"},
        {"Other Country", "country"}, {"Business Phone 2", "phone"}, {"Home Phone 2", "phone"},
        {"Other Phone", "phone"}, {"Notes", "note"}}};

const CsvPreset salesforce = {"salesforce",
    {{"FirstName", "LastName", "MailingStreet"}, {"FirstName", "LastName", "AccountId"},
        {"FirstName", "LastName", "AccountName"}, {"Contact ID", "Account Name", "Last Name"},
        {"First Name", "Last Name", "Account Name", "Mailing State/Province"}},
    {{"Id", "id"}, {"Contact ID", "id"}, {"Contact ID 18", "id"}, {"Salutation", "keep"},
        {"FirstName", "first_name"}, {"First Name", "first_name"}, {"MiddleName", "middle_name"},
        {"Middle Name", "middle_name"}, {"LastName", "last_name"}, {"Last Name", "last_name"},
        {"Suffix", "suffix"}, {"AccountName", "organisation"}, {"Account.Name", "organisation"},
        {"Account Name", "organisation"}, {"Title", "title"}, {"Email", "email"},
        {"Phone", "phone"}, {"MobilePhone", "phone"}, {"Mobile", "phone"}, {"HomePhone", "phone"},
        {"OtherPhone", "phone"}, {"Home Phone", "phone"}, {"Other Phone", "phone"},
        {"MailingStreet", "street"}, {"MailingPostalCode", "postcode"}, {"MailingCity", "city"},
        {"MailingState", "region"}, {"MailingCountry", "country"}, {"Mailing Street", "street"},
        {"Mailing Zip/Postal Code", "postcode"}, {"Mailing City", "city"},
        {"Mailing State/Province", "region"}, {"Mailing Country", "country"},
        {"Description", "note"}, {"Contact Description", "note"}}};

// Where accounts are called companies, so is the column. Columns such as "Account Name.id" hold
// Zoho's own ids, and are kept.
const CsvPreset zoho = {"zoho",
    {{"Record Id", "Last Name", "Account Name"}, {"Contact Id", "Last Name", "Account Name"},
        {"Last Name", "Account Name", "Mailing Zip"},
        {"Last Name", "Contact Owner", "Account Name"}, {"Last Name", "Contact Owner.id"}},
    {{"Record Id", "id"}, {"Contact Id", "id"}, {"Salutation", "keep"},
        {"First Name", "first_name"}, {"Last Name", "last_name"}, {"Account Name", "organisation"},
        {"Company Name", "organisation"}, {"Title", "title"}, {"Email", "email"},
        {"Secondary Email", "email"}, {"Phone", "phone"}, {"Mobile", "phone"},
        {"Home Phone", "phone"}, {"Other Phone", "phone"}, {"Mailing Street", "street"},
        {"Mailing Zip", "postcode"}, {"Mailing Postal Code", "postcode"}, {"Mailing City", "city"},
        {"Mailing State", "region"}, {"Mailing Province", "region"}, {"Mailing Country", "country"},
        {"Other Street", "street"}, {"Other Zip", "postcode"}, {"Other City", "city"},
        {"Other State", "region"}, {"Other Country", "country"}, {"Description", "note"}}};

const CsvPreset hubspot = {"hubspot",
    {{"First Name", "Last Name", "Email", "Phone Number"}, {"Record ID", "First Name", "Last Name"},
        {"Contact ID", "First Name", "Lifecycle Stage"},
        {"First Name", "Last Name", "Email", "Contact owner"}},
    {{"Record ID", "id"}, {"Contact ID", "id"}, {"Record ID - Contact", "id"},
        {"Salutation", "keep"}, {"First Name", "first_name"}, {"Last Name", "last_name"},
        {"Email", "email"}, {"Phone Number", "phone"}, {"Mobile Phone Number", "phone"},
        {"Company name", "organisation"}, {"Company Name", "organisation"},
        {"Associated Company", "organisation"}, {"Primary Associated Company", "organisation"},
        {"Job Title", "title"}, {"Street Address", "street"}, {"Postal Code", "postcode"},
        {"City", "city"}, {"State/Region", "region"}, {"Country/Region", "country"},
        {"Message", "note"}, {"Notes", "note"}}};

const CsvPreset highrise
    = {"highrise", {{"Email address - Work"}, {"Phone number - Work"}, {"Address - Work Street"}},
        {{"Highrise ID", "id"}, {"ID", "id"}, {"Name", "name"}, {"First name", "first_name"},
            {"Last name", "last_name"}, {"Company", "organisation"}, {"Title", "title"},
            {"Email address - Work", "email"}, {"Email address - Home", "email"},
            {"Email address - Other", "email"}, {"Phone number - Mobile", "phone"},
            {"Phone number - Work", "phone"}, {"Phone number - Home", "phone"},
            {"Phone number - Other", "phone"}, {"Address - Work Street", "street"},
            {"Address - Work Zip", "postcode"}, {"Address - Work City", "city"},
            {"Address - Work State", "region"}, {"Address - Work Country", "country"},
            {"Address - Home Street", "street"}, {"Address - Home Zip", "postcode"},
            {"Address - Home City", "city"}, {"Address - Home State", "region"},
            {"Address - Home Country", "country"}, {"Address - Other Street", "street"},
            {"Address - Other Zip", "postcode"}, {"Address - Other City", "city"},
            {"Address - Other State", "region"}, {"Address - Other Country", "country"},
            {"Background", "note"}}};

// Our own export of customers.
const CsvPreset ours = {"tend", {{"id", "name", "kind", "organisation_id", "place"}},
    {{"id", "id"}, {"name", "name"}, {"kind", "kind"}, {"organisation", "organisation"},
        {"title", "title"}, {"phone", "phone"}, {"email", "email"}, {"address", "address"},
        {"place", "place"}, {"note", "note"}}};

}  // namespace

const std::vector<CsvPreset> &csvPresets()
{
    static const std::vector<CsvPreset> all
        = {ours, linkedin, google, outlook, salesforce, zoho, highrise, hubspot};
    return all;
}

const std::vector<PresetColumn> &commonColumns()
{
    static const std::vector<PresetColumn> all = {{"name", "name"}, {"full name", "name"},
        {"display name", "name"}, {"contact", "name"}, {"contact name", "name"},
        {"customer", "name"}, {"customer name", "name"}, {"kunde", "name"}, {"nom complet", "name"},
        {"first name", "first_name"}, {"firstname", "first_name"}, {"given name", "first_name"},
        {"forename", "first_name"}, {"vorname", "first_name"}, {"prénom", "first_name"},
        {"nombre", "first_name"}, {"voornaam", "first_name"}, {"nome", "first_name"},
        {"middle name", "middle_name"}, {"last name", "last_name"}, {"lastname", "last_name"},
        {"surname", "last_name"}, {"family name", "last_name"}, {"nachname", "last_name"},
        {"familienname", "last_name"}, {"nom", "last_name"}, {"apellido", "last_name"},
        {"apellidos", "last_name"}, {"achternaam", "last_name"}, {"cognome", "last_name"},
        {"prefix", "prefix"}, {"suffix", "suffix"}, {"email", "email"}, {"e-mail", "email"},
        {"email address", "email"}, {"e-mail address", "email"}, {"mail", "email"},
        {"courriel", "email"}, {"correo", "email"}, {"e-mail-adresse", "email"}, {"phone", "phone"},
        {"phone number", "phone"}, {"telephone", "phone"}, {"tel", "phone"}, {"mobile", "phone"},
        {"mobile phone", "phone"}, {"cell", "phone"}, {"telefon", "phone"},
        {"telefonnummer", "phone"}, {"mobil", "phone"}, {"handy", "phone"}, {"téléphone", "phone"},
        {"teléfono", "phone"}, {"telefoon", "phone"}, {"company", "organisation"},
        {"company name", "organisation"}, {"organisation", "organisation"},
        {"organization", "organisation"}, {"account", "organisation"},
        {"account name", "organisation"}, {"firma", "organisation"},
        {"unternehmen", "organisation"}, {"société", "organisation"},
        {"entreprise", "organisation"}, {"empresa", "organisation"}, {"bedrijf", "organisation"},
        {"azienda", "organisation"}, {"title", "title"}, {"job title", "title"},
        {"position", "title"}, {"role", "title"}, {"funktion", "title"}, {"fonction", "title"},
        {"address", "address"}, {"adresse", "address"}, {"anschrift", "address"},
        {"dirección", "address"}, {"street", "street"}, {"street address", "street"},
        {"straße", "street"}, {"strasse", "street"}, {"rue", "street"}, {"zip", "postcode"},
        {"zip code", "postcode"}, {"postcode", "postcode"}, {"postal code", "postcode"},
        {"plz", "postcode"}, {"code postal", "postcode"}, {"city", "city"}, {"town", "city"},
        {"ort", "city"}, {"stadt", "city"}, {"ville", "city"}, {"ciudad", "city"},
        {"plaats", "city"}, {"state", "region"}, {"region", "region"}, {"province", "region"},
        {"country", "country"}, {"land", "country"}, {"pays", "country"}, {"país", "country"},
        {"note", "note"}, {"notes", "note"}, {"comment", "note"}, {"comments", "note"},
        {"notiz", "note"}, {"notizen", "note"}, {"bemerkung", "note"}, {"remarques", "note"},
        {"description", "note"}, {"place", "place"}, {"kind", "kind"}, {"id", "id"},
        {"customer id", "id"},
        // Of firms, in the lists of Salesforce, Zoho and HubSpot.
        {"billing street", "street"}, {"billing zip/postal code", "postcode"},
        {"billing code", "postcode"}, {"billing city", "city"}, {"billing state", "region"},
        {"billing state/province", "region"}, {"billing country", "country"},
        {"state/region", "region"}, {"country/region", "country"},
        // Outlook in German and in French.
        {"telefon geschäftlich", "phone"}, {"mobiltelefon", "phone"}, {"telefon firma", "phone"},
        {"telefon privat", "phone"}, {"weiteres telefon", "phone"},
        {"straße geschäftlich", "street"}, {"postleitzahl geschäftlich", "postcode"},
        {"ort geschäftlich", "city"}, {"region geschäftlich", "region"},
        {"land/region geschäftlich", "country"}, {"straße privat", "street"},
        {"postleitzahl privat", "postcode"}, {"ort privat", "city"}, {"region privat", "region"},
        {"land/region privat", "country"}, {"weitere vornamen", "middle_name"},
        {"téléphone (bureau)", "phone"}, {"tél. mobile", "phone"}, {"téléphone mobile", "phone"},
        {"téléphone (domicile)", "phone"}, {"rue (bureau)", "street"},
        {"code postal (bureau)", "postcode"}, {"ville (bureau)", "city"},
        {"dép/région (bureau)", "region"}, {"pays/région (bureau)", "country"},
        {"rue (domicile)", "street"}, {"code postal (domicile)", "postcode"},
        {"ville (domicile)", "city"}, {"dép/région (domicile)", "region"},
        {"pays/région (domicile)", "country"}, {"adresse de messagerie", "email"},
        {"deuxième prénom", "middle_name"}, {"titre professionnel", "title"}, {"contact id", "id"},
        {"kundennummer", "id"}};
    return all;
}

}  // namespace tend
