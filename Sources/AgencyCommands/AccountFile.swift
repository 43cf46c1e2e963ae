// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
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
            throw RuntimeError(.badInput, "\(path) is no list of accounts: \(error)", cause: error)
        }
    }

    func write(_ accounts: Accounts) throws {
        try PrivateFile.makeFolder((path as NSString).deletingLastPathComponent)
        try PrivateFile.write(Array(try JSONValue(encoding: accounts).prettyText.utf8), to: path)
    }
}
#endif
