// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyConsole
import AgencyLedger
import AgencyRuntime
import AgencySchema
import Foundation

/// The accounts of this terminal's desk: a file beside its key, readable by its owner only.
struct AccountFile: AccountStore {
    let path: String

    private static let most = 4 << 20

    func read() throws -> Accounts {
        guard let bytes = try PrivateFile.read(path, limit: Self.most, isSecret: true) else { return Accounts() }
        do {
            return try JSONValue(parsing: bytes).decode(Accounts.self)
        } catch {
            throw RuntimeError(.corrupt, "\(path) is no list of accounts: \(error)", cause: error)
        }
    }

    func change(_ change: (inout Accounts) throws -> Void) throws {
        try PrivateFile.makeFolder((path as NSString).deletingLastPathComponent)
        let lock = try RunLock.acquire(path: path + ".lock", holder: "agency serve")
        defer { lock.close() }
        var known = try read()
        try change(&known)
        try PrivateFile.write(Array(try JSONValue(encoding: known).prettyText.utf8), to: path)
    }
}
