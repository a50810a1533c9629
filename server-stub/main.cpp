#include <CLI/CLI.hpp>
#include <algorithm>
#include <sys/stat.h>

#include "server-stub/cli/verbs.h"
#include "sync/base/near_words.h"

namespace {

using namespace tend::server::cli;
using replica::Status;

// The command line as a tree of verbs. Each leaf leaves in `run` what to do; nothing runs while
// parsing.
class CommandLine {
public:
    CommandLine()
        : m_app("Keeps a workspace of Tend: takes changes from its devices and hands them to the "
                "others.",
            "tend-server")
    {
        m_app.set_version_flag("--version", std::string("tend-server ") + TEND_VERSION);
        addServing();
        addPeople();
        addKeeping();
    }

    int run(int argc, char **argv)
    {
        try {
            m_app.parse(argc, argv);
        } catch (const CLI::Success &asked) {
            return m_app.exit(asked);
        } catch (const CLI::ParseError &wrong) {
            if (saidWhichVerb(m_app, "tend-server"))
                return 2;
            static_cast<void>(m_app.exit(wrong, std::cerr, std::cerr));
            return 2;
        }
        if (!m_run) {
            std::cerr << "tend-server: name what to do; tend-server --help lists it\n";
            return 2;
        }
        const Status done = m_run();
        // What was not written was not said: an invitation is told once.
        const bool isSaid
            = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
        if (done && !isSaid)
            std::cerr << "tend-server: stdout could not be written\n";
        if (done)
            return isSaid ? 0 : 1;
        std::cerr << "tend-server: " << done.error().message << '\n';
        return 1;
    }

private:
    CLI::App *verb(CLI::App &parent, const char *name, const char *purpose)
    {
        CLI::App *app = parent.add_subcommand(name, purpose);
        app->add_option("--data", m_directory.path, "The workspace's directory");
        app->add_option(
            "--key-file", m_directory.keyFile, "Holds the key of an encrypted workspace");
        return app;
    }

    // Names the word that stands where a verb should; false when something else was wrong.
    static bool saidWhichVerb(const CLI::App &app, const std::string &program)
    {
        const auto chosen = app.get_subcommands();
        if (!chosen.empty())
            return saidWhichVerb(*chosen.front(), program + ' ' + chosen.front()->get_name());
        std::vector<std::string> verbs;
        for (const CLI::App *verb : app.get_subcommands([](const CLI::App *) { return true; }))
            verbs.push_back(verb->get_name());
        const auto words = app.remaining();
        const auto word = std::find_if(words.begin(), words.end(),
            [](const std::string &text) { return text.rfind('-', 0) != 0; });
        if (verbs.empty() || word == words.end())
            return false;
        std::cerr << "tend-server: " << replica::notAVerb(program, *word, verbs)
                  << "\nTry tend-server --help.\n";
        return true;
    }

    // A verb that works on a directory, and what it does there.
    template <typename Work>
    void does(CLI::App *app, Work work)
    {
        app->final_callback([this, work] {
            if (m_directory.path.empty())
                throw CLI::RequiredError("--data");
            m_run = work;
        });
    }

    void addJson(CLI::App *app)
    {
        app->add_flag("--json", m_isJson, "For programs: one object a line");
    }

    [[nodiscard]] Output output() const { return m_isJson ? Output::Json : Output::Text; }

    void addServing();
    void addPeople();
    void addKeeping();

    CLI::App m_app;
    DataDirectory m_directory;
    bool m_isJson = false;
    InitOptions m_init{{}, "Administrator", {}, {}};
    InviteOptions m_invite;
    ServeOptions m_serve{"127.0.0.1:8443", 512, false};
    std::uint64_t m_keepFiles = 30ULL * 86'400;
    std::uint64_t m_keepLog = 400ULL * 86'400;
    std::string m_name;
    std::string m_newName;
    std::string m_role;
    std::string m_deputy;
    std::vector<std::string> m_territories;
    std::filesystem::path m_file;
    std::function<Status()> m_run;
};

const CLI::IsMember isRole({"admin", "manager", "rep", "office"});

void CommandLine::addServing()
{
    CLI::App *init = verb(m_app, "init", "Make a workspace; prints an administrator's invitation");
    init->add_option("--workspace", m_init.workspace, "Its name")->required();
    init->add_option("--name", m_init.administrator, "The administrator's name")
        ->capture_default_str();
    init->add_option(
        "--address", m_init.address, "HOST:PORT for invitations (default: where serve listens)");
    addJson(init);
    does(init, [this] {
        m_init.output = output();
        return tend::server::cli::init(m_directory, m_init);
    });

    CLI::App *serve = verb(m_app, "serve", "Answer devices until SIGTERM");
    serve->add_option("--listen", m_serve.listen, "HOST:PORT; port 0 is any free one")
        ->capture_default_str();
    serve->add_option("--connections", m_serve.connectionsMax, "At most so many at once")
        ->capture_default_str()
        ->check(CLI::Range(1, 60'000));
    serve
        ->add_option("--keep-files", m_keepFiles,
            "How long files stay after the last row that names them, as 30d, 12h, 0s")
        ->capture_default_str()
        ->transform(CLI::AsNumberWithUnit(std::map<std::string, std::uint64_t>{
            {"s", 1}, {"m", 60}, {"h", 3'600}, {"d", 86'400}}));
    serve
        ->add_option("--keep-log", m_keepLog,
            "How long deleted rows and the log are kept, as 400d; a device that was away for "
            "longer "
            "is given the rows anew")
        ->capture_default_str()
        ->transform(CLI::AsNumberWithUnit(std::map<std::string, std::uint64_t>{
            {"s", 1}, {"m", 60}, {"h", 3'600}, {"d", 86'400}}));
    serve->add_option("--file-max", m_serve.files.octetsMax, "Of one file, as 64MiB")
        ->transform(CLI::AsSizeValue(false))
        ->check(CLI::Range(std::uint64_t{1}, replica::fileOctetsMax));
    serve
        ->add_option("--files-quota", m_serve.files.quota,
            "Of all files together, as 100GiB; 0 is what the disk takes")
        ->transform(CLI::AsSizeValue(false));
    // Only to measure what committing together is worth.
    serve->add_flag("--commit-each", m_serve.isEachCommitted)->group("");
    does(serve, [this] {
        m_serve.files.keepFor = std::chrono::seconds(m_keepFiles);
        m_serve.keepLogFor = std::chrono::seconds(m_keepLog);
        return tend::server::cli::serve(m_directory, m_serve);
    });

    CLI::App *invite
        = verb(m_app, "invite", "Print a link that lets one device in, once, for 7 days");
    invite->add_option("--name", m_invite.name, "Whose device")->required();
    invite->add_option("--role", m_invite.role, "What they are")->required()->check(isRole);
    invite->add_option("--territory", m_invite.territories, "Where they work; may be repeated")
        ->take_all();
    invite->add_option("--address", m_invite.address, "HOST:PORT in this invitation");
    invite->add_flag("--qr", m_invite.isDrawn, "Draw it as well");
    addJson(invite);
    does(invite, [this] {
        m_invite.output = output();
        return tend::server::cli::invite(m_directory, m_invite);
    });
}

void CommandLine::addPeople()
{
    CLI::App *territory = m_app.add_subcommand("territory", "Territories");
    CLI::App *add = verb(*territory, "add", "Make one");
    add->add_option("NAME", m_name)->required();
    does(add, [this] { return addTerritory(m_directory, m_name); });
    CLI::App *places = verb(*territory, "list", "Name them all");
    addJson(places);
    does(places, [this] { return listTerritories(m_directory, output()); });
    CLI::App *rename = verb(*territory, "rename", "Give one another name");
    rename->add_option("OLD", m_name)->required();
    rename->add_option("NEW", m_newName)->required();
    does(rename, [this] { return renameTerritory(m_directory, m_name, m_newName); });

    CLI::App *member = m_app.add_subcommand("member", "People");
    CLI::App *people = verb(*member, "list", "Name them all");
    addJson(people);
    does(people, [this] { return listMembers(m_directory, output()); });
    CLI::App *set = verb(*member, "set", "Change role, territories or deputy");
    set->add_option("NAME", m_name)->required();
    CLI::Option *role = set->add_option("--role", m_role)->check(isRole);
    CLI::Option *where
        = set->add_option("--territory", m_territories, "May be repeated")->take_all();
    CLI::Option *deputy = set->add_option(
        "--deputy", m_deputy, "Who is told what nobody in that role has seen in time; none: -");
    does(set, [this, role, where, deputy] {
        MemberChange change{m_name, std::nullopt, std::nullopt, std::nullopt};
        if (deputy->count() > 0)
            change.deputy = m_deputy;
        if (role->count() > 0)
            change.role = m_role;
        if (where->count() > 0)
            change.territories = m_territories;
        return setMember(m_directory, change);
    });
    CLI::App *end = verb(*member, "end", "End a membership; revokes every device of theirs");
    end->add_option("NAME", m_name)->required();
    does(end, [this] { return endMember(m_directory, m_name); });

    CLI::App *device = m_app.add_subcommand("device", "Devices");
    CLI::App *devices = verb(*device, "list", "Id, member, name and state of each");
    addJson(devices);
    does(devices, [this] { return listDevices(m_directory, output()); });
    CLI::App *revoke = verb(*device, "revoke", "Answer it no more, from its next request on");
    revoke->add_option("ID", m_name)->required();
    does(revoke, [this] { return removeDevice(m_directory, m_name, Removal::Revoke); });
    CLI::App *wipe = verb(
        *device, "wipe", "Take what it still has to send, then have it give up all it holds");
    wipe->add_option("ID", m_name)->required();
    does(wipe, [this] { return removeDevice(m_directory, m_name, Removal::Wipe); });
}

void CommandLine::addKeeping()
{
    CLI::App *backup
        = verb(m_app, "backup", "Copy workspace and server key into one file, while serving");
    backup->add_option("--to", m_file, "The file")->required();
    does(backup, [this] { return tend::server::cli::backup(m_directory, m_file); });
    CLI::App *restore = verb(m_app, "restore", "Make a workspace in a new directory from a backup");
    restore->add_option("--from", m_file, "The backup")->required();
    does(restore, [this] { return tend::server::cli::restore(m_directory, m_file); });
    CLI::App *verify
        = verb(m_app, "verify", "Check every invariant; exit 1 and say what is broken");
    does(verify, [this] { return tend::server::cli::verify(m_directory); });
    CLI::App *refused
        = verb(m_app, "refused", "Print what was not taken, with its words and the reason");
    addJson(refused);
    does(refused, [this] { return tend::server::cli::refused(m_directory, output()); });
    CLI::App *audit = verb(m_app, "audit", "Print who was let in, revoked and refused");
    addJson(audit);
    does(audit, [this] { return tend::server::cli::audit(m_directory, output()); });
}

}  // namespace

int main(int argc, char **argv)
{
    // What this program writes is for its own account only.
    ::umask(077);
    try {
        return CommandLine().run(argc, argv);
    } catch (const std::exception &failed) {
        std::cerr << "tend-server: " << failed.what() << '\n';
        return 1;
    }
}
