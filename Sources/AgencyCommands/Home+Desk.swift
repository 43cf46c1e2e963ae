// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyConsole
import AgencyCore
import AgencyLedger
import AgencyRuntime
import Foundation

/// The key with which this terminal signs choices, and the desks that it trusts: files of the person, outside any ledger.
enum DeskFiles {
    /// Where the key is: `$AGENCY_DESK_KEY`, else in the person's folder of settings.
    static var keyPath: String {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["AGENCY_DESK_KEY"], !path.isEmpty { return path }
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return folder + "/agency/desk-key" }
        return (environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()) + "/.config/agency/desk-key"
    }

    /// Where the desks are listed whose choices are enacted here, one a line: beside the key.
    static var trustPath: String { folder + "/trusted-desks" }

    /// Where the accounts are kept of those who may come in at this desk: beside the key.
    static var accountsPath: String { folder + "/accounts" }

    /// The keys of those who may choose at this desk in the browser, each with a password of their own.
    @Sendable static func choosers() throws -> [DeskKey] { try AccountFile(path: accountsPath).read().choosers }

    private static var folder: String { (keyPath as NSString).deletingLastPathComponent }

    /// The key, if there is one.
    ///
    /// - Throws: `ProofError` with `.badKey` for a file that is no key or that others may read.
    static func key() throws -> SigningKey? {
        guard let bytes = try PrivateFile.read(keyPath, limit: 4096, isSecret: true) else { return nil }
        do {
            return try SigningKey(secret: String(decoding: bytes, as: UTF8.self).trimmingWhitespace)
        } catch {
            throw ProofError(error.code, "\(keyPath): \(error)")
        }
    }

    /// The key; one is made, and that is said, where there is none.
    static func keyMadeIfNeeded(tells: Bool = true) throws -> SigningKey {
        if let key = try key() { return key }
        var generator = SystemRandomNumberGenerator()
        let made = try SigningKey.make(name: name, using: &generator)
        try makeFolder()
        do {
            try PrivateFile.create(Array((made.secret + "\n").utf8), at: keyPath)
        } catch {
            // Another command was first.
            guard error.code == .conflict, let key = try key() else { throw error }
            return key
        }
        if tells {
            let desk = try Desk(made).key.short
            Terminal.error(
                "made a key with which this terminal signs choices: \(keyPath) (\(desk)); keep it to yourself"
            )
        }
        return made
    }

    /// The desks that are trusted besides this one.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for a line that is no key.
    static func trusted() throws -> [DeskKey] {
        guard let bytes = try PrivateFile.read(trustPath, limit: 1 << 20) else { return [] }
        var keys: [DeskKey] = []
        for (number, line) in String(decoding: bytes, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        .enumerated() {
            let text = String(line).trimmingWhitespace
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            guard let key = DeskKey(text) else {
                throw RuntimeError(
                    .badInput,
                    "\(trustPath):\(number + 1): this is no desk key; one is written name+id+key, as agency desk show prints it"
                )
            }
            if !keys.contains(where: { $0.publicKey == key.publicKey }) { keys.append(key) }
        }
        return keys
    }

    /// Adds a desk to those that are trusted.
    static func trust(_ key: DeskKey) throws {
        let known = try trusted()
        guard !known.contains(where: { $0.publicKey == key.publicKey }) else { return }
        try makeFolder()
        let before = try PrivateFile.read(trustPath, limit: 1 << 20) ?? []
        let end: [UInt8] = before.isEmpty || before.last == 0x0A ? [] : [0x0A]
        try PrivateFile.write(before + end + Array("\(key)\n".utf8), to: trustPath)
    }

    private static func makeFolder() throws {
        do {
            try PrivateFile.makeFolder(folder)
        } catch {
            throw RuntimeError(
                .unavailable,
                "\(folder) cannot be made for the key that signs choices; say where it is to be with AGENCY_DESK_KEY",
                cause: error
            )
        }
    }

    /// What this desk is called: the login name and the machine, as far as a key's name can hold them.
    private static var name: String {
        let text = NSUserName() + "@" + ProcessInfo.processInfo.hostName
        let kept = text.utf8.filter { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "+") }
        return kept.isEmpty ? "desk" : String(decoding: kept.prefix(128), as: UTF8.self)
    }
}
