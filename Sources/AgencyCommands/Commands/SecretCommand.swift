// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyEnactment
import AgencyRuntime
import ArgumentParser
import Foundation

/// Secrets that servers of tools declare by name.
struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Keep secrets for servers of tools, which declare them by name.",
        discussion: """
            A value goes into the sandbox of the servers that declare it (secrets: [NAME]), as the environment variable NAME, and \
            nowhere else: not into a prompt, an argument or a record. What comes out of such a server is searched for it.
            """,
        subcommands: [Set.self, List.self, Remove.self]
    )

    /// Keeps a value.
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a secret, read from the terminal without showing it, or from standard input."
        )

        @Argument(help: "Its name, as servers declare it: GITHUB_TOKEN, say.")
        var name: String
        @OptionGroup var home: HomeOptions

        func run() async throws {
            let value = try Self.value(of: name)
            let store = SecretStore(home.folder)
            try store.set(name, to: value)
            Terminal.error("kept \(name) in \(store.folder)")
        }

        private static func value(of name: String) throws -> [UInt8] {
            if isatty(0) == 1 {
                guard let line = Terminal.askHidden("\(name): "), line.utf8.allSatisfy({ $0 >= 0x20 }) else {
                    throw RuntimeError(.badInput, "nothing was typed, or something that is no text; nothing is kept")
                }
                return Array(line.utf8)
            }
            let most = Secret.lengths.upperBound + 2
            guard let data = try FileHandle.standardInput.read(upToCount: most), !data.isEmpty else {
                throw RuntimeError(.badInput, "there is nothing on standard input")
            }
            // The end of its last line is not part of it.
            var value = Array(data)
            if value.last == 0x0A { value.removeLast() }
            if value.last == 0x0D { value.removeLast() }
            return value
        }
    }

    /// Lists names.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the names of the secrets that are kept.")

        @OptionGroup var home: HomeOptions

        func run() async throws {
            for name in SecretStore(home.folder).names() { Terminal.out(name) }
        }
    }

    /// Forgets a value.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget a secret.")

        @Argument(help: "Its name.")
        var name: String
        @OptionGroup var home: HomeOptions

        func run() async throws {
            guard try SecretStore(home.folder).remove(name) else {
                throw RuntimeError(.notFound, "there is no secret “\(name)”; agency secret list names them")
            }
            Terminal.error("forgot \(name)")
        }
    }
}

extension Terminal {
    /// Asks for a line that is not shown; `nil` at the end of input.
    fileprivate static func askHidden(_ prompt: String) -> String? {
        write(prompt, to: 2)
        var before = termios()
        guard tcgetattr(0, &before) == 0 else { return nil }
        var hidden = before
        // Without signals too, which would leave the terminal without an echo.
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        hidden.c_lflag |= tcflag_t(ECHONL)
        tcsetattr(0, TCSAFLUSH, &hidden)
        defer { tcsetattr(0, TCSAFLUSH, &before) }
        return readLine(strippingNewline: true)
    }
}
