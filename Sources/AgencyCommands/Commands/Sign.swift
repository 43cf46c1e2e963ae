// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import ArgumentParser
import Foundation

/// Signs a checkpoint of a run.
struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign a checkpoint of a run as it stands, to be kept elsewhere.",
        discussion: """
            Whoever keeps it can tell later, with agency verify RUN --checkpoint FILE, that the record was cut or rewritten. \
            Without a change since, the same checkpoint is printed again. They are also signed by themselves at every \
            choice, at the end of a run and every \(CheckpointingLedgerStore.usualInterval) events.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(name: .shortAndLong, help: "Write it to this file, which must not be there yet.")
    var out: String?
    @OptionGroup var home: HomeOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        guard let checkpoints = setup.checkpoints else { throw setup.home.noKey }
        let note = try await checkpoints.checkpoint(of: try await setup.resolve(run))
        guard let out else { return Terminal.out(String(note.description.dropLast())) }
        try PrivateFile.create(Array(note.description.utf8), at: out)
        Terminal.out("wrote \(out)")
    }
}

/// Makes and shows the key that signs checkpoints.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make the key that signs checkpoints, or show its public half.",
        subcommands: [New.self, Show.self],
        defaultSubcommand: Show.self
    )

    /// Makes a key.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key, and print the verifier key to give to those who are to trust it."
        )

        @Option(help: "The name of the key, which stands in every signature.")
        var name = "openagency"
        @OptionGroup var home: HomeOptions

        func run() async throws {
            let home = home.folder
            var generator = SystemRandomNumberGenerator()
            let key = try SigningKey.make(name: name, using: &generator)
            try FileManager.default.createDirectory(
                atPath: home.path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try PrivateFile.create(Array((key.secret + "\n").utf8), at: home.signingKeyPath)
            Terminal.out(key.verifierKey.description)
            Terminal.error("the secret is in \(home.signingKeyPath); give the line above to those who verify")
        }
    }

    /// Shows the public half.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the verifier key.")

        @OptionGroup var home: HomeOptions

        func run() async throws {
            let home = home.folder
            guard let key = try home.signingKey() else { throw home.noKey }
            Terminal.out(key.verifierKey.description)
        }
    }
}
