// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyConsole
import AgencyPerformers
import AgencyRuntime
import ArgumentParser
import Foundation

/// Opens the decision desk in the browser.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the decision desk in the browser: what waits, what is proposed, and where to choose.",
        discussion: """
            It answers on this machine alone, unless it is given a certificate and a name. Sign in with the link that it prints: one person, one sign-in, within ten minutes. \
            At a terminal, Enter prints another. What is chosen is signed with the key of this terminal, as agency choose does, and \
            carried out by agency resume or agency worker, or here with --work.

            SIGINT or SIGTERM ends it and signs everybody out.
            """
    )

    @OptionGroup var site: SiteOptions
    @Flag(help: "Work on all runs that are due here too, as agency worker does; people play their roles at the desk.")
    var work = false
    @Option(
        help: ArgumentHelp(
            "An address that is told when a run waits for a person, gives alarm or is over; may be repeated.",
            valueName: "url"
        )
    )
    var webhook: [String] = []
    @Option(help: "The secret with which that is signed, as agency secret set keeps it.")
    var webhookSecret = "WEBHOOK"
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder).signing(tells: true)
        OpenFiles.allowMost()
        var person = person.person
        person.identifiedBy = "a link of agency serve, printed for " + person.identifiedBy
        let known = person
        let hooks = try webhooks()
        let site = try site.site()
        let roles = RoleDesk(now: WallClock.milliseconds)
        try await withHTTPTransport(environment: ProcessInfo.processInfo.environment) { transport in
            let console = Console(
                agency: setup.agency,
                accounts: AccountFile(path: DeskFiles.accountsPath),
                site: site,
                output: { NoteFile.read(setup.home.outputPath($0)) },
                trouble: { NoteFile.read(setup.home.troublePath($0)) },
                revert: { try await setup.revert($0, to: $1, by: $2, reason: $3) },
                outgoing: hooks.isEmpty ? nil : .init(hooks, over: transport) { Terminal.error($0) },
                roles: roles
            )
            guard work else {
                return try await Self.untilInterrupted { try await serve(console, for: known) }
            }
            let pool = try await pool(setup, roles, transport)
            try await Self.untilStopped(pool) { try await serve(console, for: known) }
        }
        Terminal.error("closed; everybody is signed out")
    }

    private static func untilInterrupted(_ serve: @escaping @Sendable () async throws -> Void) async throws {
        do {
            try await Interruption.heeded(serve)
        } catch is CancellationError {
            // As it was asked to.
        }
    }

    private func serve(_ console: Console, for person: Person) async throws {
        try await console.run { address in
            let print: @Sendable () -> Void = { Terminal.out(address + console.makeLink(for: person)) }
            Terminal.out("The decision desk is open. Sign in within ten minutes, once, with this link:")
            print()
            guard Terminal.isInteractive else { return }
            Terminal.out("Press Enter for another.")
            Self.eachLine(print)
        }
    }

    private func webhooks() throws -> [Webhook] {
        guard !webhook.isEmpty else { return [] }
        let secret = try SecretStore(home.folder).value(of: webhookSecret)
        return try webhook.map { try Webhook(url: $0, secret: secret) }
    }

    /// Does something for every line that is typed; the thread ends with the process, as nothing ends a read of the terminal.
    private static func eachLine(_ work: @escaping @Sendable () -> Void) {
        // In the background, reading the terminal would stand the whole process still.
        signal(SIGTTIN, SIG_IGN)
        let thread = Thread { while readLine() != nil { work() } }
        thread.start()
    }
}
#endif
