// ez-vcard on our cards: what it reads in them and what its validator says, and cards as it writes them.
//
//     java -cp ez-vcard.jar:vinnie.jar EzVcard.java read <CARDS     java -cp ... EzVcard.java write 2.1|3.0|4.0 <FIELDS
//
// A field is a line: a name, a tab, the value in base64. "card" begins a card.
import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.ValidationWarning;
import ezvcard.io.ParseWarning;
import ezvcard.io.text.VCardReader;
import ezvcard.io.text.VCardWriter;
import ezvcard.parameter.AddressType;
import ezvcard.parameter.EmailType;
import ezvcard.parameter.ImageType;
import ezvcard.parameter.TelephoneType;
import ezvcard.parameter.VCardParameter;
import ezvcard.property.Address;
import ezvcard.property.Birthday;
import ezvcard.property.Email;
import ezvcard.property.Organization;
import ezvcard.property.Photo;
import ezvcard.property.RawProperty;
import ezvcard.property.StructuredName;
import ezvcard.property.Telephone;
import ezvcard.property.TextProperty;
import ezvcard.property.Uid;
import ezvcard.property.VCardProperty;
import ezvcard.util.PartialDate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

public class EzVcard {
    private static final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] words) throws IOException {
        if (words[0].equals("read")) {
            read();
        } else {
            write(VCardVersion.valueOfByStr(words[1]));
        }
    }

    private static void say(String name, String value) {
        if (value != null) {
            say(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void say(String name, byte[] octets) {
        out.println(name + '\t' + Base64.getEncoder().encodeToString(octets));
    }

    private static void sayText(String name, TextProperty property) {
        if (property != null) {
            say(name, property.getValue());
        }
    }

    private static String typed(String value, List<? extends VCardParameter> types, boolean isPreferred) {
        TreeSet<String> words = new TreeSet<>();
        for (VCardParameter type : types) {
            words.add(type.getValue().toLowerCase());
        }
        if (isPreferred) {
            words.add("pref");
        }
        return String.join(",", words) + ' ' + value;
    }

    private static void read() throws IOException {
        VCardReader reader = new VCardReader(System.in);
        for (VCard card = reader.readNext(); card != null; card = reader.readNext()) {
            say("card", card.getVersion().getVersion());
            for (ParseWarning warning : reader.getWarnings()) {
                say("fault", warning.toString());
            }
            sayWarnings(card);
            sayFields(card);
        }
    }

    private static void sayWarnings(VCard card) {
        for (Map.Entry<VCardProperty, List<ValidationWarning>> entry : card.validate(card.getVersion())) {
            VCardProperty property = entry.getKey();
            String name = property == null ? "card" : property.getClass().getSimpleName();
            for (ValidationWarning warning : entry.getValue()) {
                say("fault", name + ": " + warning);
            }
        }
    }

    private static void sayFields(VCard card) {
        sayText("name", card.getFormattedName());
        StructuredName parts = card.getStructuredName();
        if (parts != null) {
            say("family", parts.getFamily());
            say("given", parts.getGiven());
        }
        say("uid", card.getUid() == null ? null : card.getUid().getValue());
        say("kind", card.getKind() == null ? null : card.getKind().getValue());
        for (Telephone phone : card.getTelephoneNumbers()) {
            String number = phone.getText() == null ? phone.getUri().toString() : phone.getText();
            boolean isPreferred = phone.getPref() != null || phone.getTypes().contains(TelephoneType.PREF);
            say("phone", typed(number, phone.getTypes(), isPreferred));
        }
        for (Email email : card.getEmails()) {
            say("email", email.getValue());
            say("typed", typed(email.getValue(), email.getTypes(),
                    email.getPref() != null || email.getTypes().contains(EmailType.PREF)));
        }
        for (Address address : card.getAddresses()) {
            say("street", address.getStreetAddress());
            say("city", address.getLocality());
            say("postcode", address.getPostalCode());
            say("country", address.getCountry());
        }
        for (Organization organization : card.getOrganizations()) {
            say("organisation", String.join("|", organization.getValues()));
        }
        card.getTitles().forEach(title -> sayText("title", title));
        card.getNotes().forEach(note -> sayText("note", note));
        if (card.getCategories() != null) {
            say("categories", String.join("|", card.getCategories().getValues()));
        }
        if (card.getGeo() != null) {
            say("position", card.getGeo().getLatitude() + " " + card.getGeo().getLongitude());
        }
        card.getUrls().forEach(url -> say("url", url.getValue()));
        for (Birthday birthday : card.getBirthdays()) {
            say("omitted", birthday.getParameter("X-APPLE-OMIT-YEAR"));
            PartialDate partial = birthday.getPartialDate();
            Date day = birthday.getDate();
            say("birthday", partial != null ? partial.toISO8601(true) : day == null ? "text " + birthday.getText()
                    : new SimpleDateFormat("yyyy-MM-dd").format(day));
        }
        for (Photo photo : card.getPhotos()) {
            say("photo", photo.getData() == null ? new byte[0] : photo.getData());
            say("phototype", photo.getContentType() == null ? null : photo.getContentType().getMediaType());
        }
        for (RawProperty other : card.getExtendedProperties()) {
            say(other.getPropertyName().toLowerCase(), other.getValue());
        }
    }

    private static void write(VCardVersion version) throws IOException {
        List<VCard> cards = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split("\t", -1);
            byte[] octets = Base64.getDecoder().decode(words[1]);
            if (words[0].equals("card")) {
                cards.add(new VCard(version));
            } else {
                put(cards.get(cards.size() - 1), words[0], octets);
            }
        }
        VCardWriter writer = new VCardWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), version);
        for (VCard card : cards) {
            writer.write(card);
        }
        writer.flush();
    }

    private static StructuredName nameOf(VCard card) {
        if (card.getStructuredName() == null) {
            card.setStructuredName(new StructuredName());
        }
        return card.getStructuredName();
    }

    private static Address addressOf(VCard card) {
        if (card.getAddresses().isEmpty()) {
            Address address = new Address();
            address.getTypes().add(AddressType.WORK);
            card.addAddress(address);
        }
        return card.getAddresses().get(0);
    }

    private static void put(VCard card, String name, byte[] octets) {
        String value = new String(octets, StandardCharsets.UTF_8);
        switch (name) {
        case "name" -> card.setFormattedName(value);
        case "family" -> nameOf(card).setFamily(value);
        case "given" -> nameOf(card).setGiven(value);
        case "uid" -> card.setUid(new Uid(value));
        case "organisation" -> card.setOrganization(value.split("\\|"));
        case "title" -> card.addTitle(value);
        case "note" -> card.addNote(value);
        case "street" -> addressOf(card).setStreetAddress(value);
        case "city" -> addressOf(card).setLocality(value);
        case "postcode" -> addressOf(card).setPostalCode(value);
        case "country" -> addressOf(card).setCountry(value);
        case "categories" -> card.setCategories(value.split("\\|"));
        case "photo" -> card.addPhoto(new Photo(octets, ImageType.JPEG));
        case "birthday" -> card.setBirthday(value.startsWith("--") ? new Birthday(PartialDate.parse(value))
                : new Birthday(java.sql.Date.valueOf(value)));
        case "cell" -> card.addTelephoneNumber(value, TelephoneType.CELL);
        case "fax" -> card.addTelephoneNumber(value, TelephoneType.FAX, TelephoneType.WORK);
        case "preferred" -> card.addTelephoneNumber(value, TelephoneType.WORK, TelephoneType.VOICE).setPref(1);
        case "email" -> card.addEmail(value, EmailType.WORK);
        default -> card.addExtendedProperty(name.toUpperCase(), value);
        }
    }
}
