// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyRuntime

/// A person who can sign in with a password.
public struct Account: Sendable, Hashable, Codable {
    /// The name, which is on the record of whatever the person does.
    public var name: String
    /// What the person may do.
    public var role: Role
    /// What is kept of the password; `nil` until the person has set one, by a link that an admin handed over.
    public var password: PasswordHash?
    /// The person's own key, with which choices are signed; made with the password.
    public var key: PersonKey?

    /// What a person may do at the desk.
    public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
        /// Reads everything, and does nothing.
        case reader
        /// Chooses, asks, pauses, stops, lets go on, edits goals and plans.
        case chooser
        /// All that, and says who may come in.
        case admin
    }
}

/// A program that may read, and where that is granted hold work back; it can choose nothing.
public struct ProgramToken: Sendable, Hashable, Codable {
    /// What it is called, on the record too.
    public var name: String
    /// The digest of the word that it shows.
    public var word: Digest
    /// Whether it may ask, pause and stop.
    public var mayHold: Bool
    /// Who made it.
    public var madeBy: String
    /// Whether it may say what became of forecasts; absent for no.
    public var maySettle: Bool?
}

/// Who may come in at a desk.
public struct Accounts: Sendable, Hashable, Codable {
    /// People, by name.
    public internal(set) var people: [Account] = []
    /// Programs, by name.
    public internal(set) var programs: [ProgramToken] = []

    /// Nobody.
    public init() {}

    /// The most people, and the most programs.
    static let most = 1000

    func person(_ name: String) -> Account? { people.first { $0.name == name } }

    func program(showing word: String) -> ProgramToken? {
        let digest = Tokens.digest(word)
        return programs.first { $0.word == digest }
    }

    /// The keys of all who may choose.
    public var choosers: [DeskKey] { people.filter { $0.role.grants.contains(.choose) }.compactMap(\.key?.key) }

    /// Lets a person in from now on.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for a name that is taken or cannot be one.
    mutating func add(_ person: Account) throws {
        try Self.requireName(person.name, taken: people.map(\.name))
        people.append(person)
    }

    /// Lets a program in from now on.
    ///
    /// - Throws: as ``add(_:)-(Account)`` does.
    mutating func add(_ program: ProgramToken) throws {
        try Self.requireName(program.name, taken: programs.map(\.name))
        programs.append(program)
    }

    /// Changes a person's account.
    ///
    /// - Throws: ``RuntimeError`` with `.notFound`.
    mutating func update(_ name: String, _ change: (inout Account) -> Void) throws {
        guard let index = people.firstIndex(where: { $0.name == name }) else {
            throw RuntimeError(.notFound, "there is no account “\(name)”")
        }
        change(&people[index])
    }

    /// Lets a person in no more.
    mutating func remove(person name: String) throws {
        guard person(name) != nil else { throw RuntimeError(.notFound, "there is no account “\(name)”") }
        people.removeAll { $0.name == name }
    }

    /// Lets a program in no more.
    mutating func remove(program name: String) throws {
        guard programs.contains(where: { $0.name == name }) else {
            throw RuntimeError(.notFound, "there is no token “\(name)”")
        }
        programs.removeAll { $0.name == name }
    }

    /// Two names never look alike: they are ASCII, and told apart without regard to case.
    private static func requireName(_ name: String, taken: [String]) throws {
        let isName = name.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || "._-".utf8.contains($0)
        }
        guard isName, (1...64).contains(name.utf8.count) else {
            throw RuntimeError(
                .badInput,
                "a name is 1 to 64 letters without accents, digits, dots, dashes and underscores"
            )
        }
        guard !taken.contains(where: { $0.lowercased() == name.lowercased() }) else {
            throw RuntimeError(.badInput, "“\(name)” is taken")
        }
        guard taken.count < most else { throw RuntimeError(.badInput, "there are \(most) of them, and no more can be") }
    }
}

/// Where the accounts of a desk are kept: with the key of the desk, and in no ledger, so that who can write a ledger can
/// let nobody in.
public protocol AccountStore: Sendable {
    /// Reads the accounts as they are now; none where nothing is kept yet.
    ///
    /// - Throws: what keeps them from being read; nobody but who has a link gets in then.
    func read() throws -> Accounts

    /// Changes the accounts while nobody else does, in whatever process; after a crash they are as before or as after.
    ///
    /// - Throws: what the change throws, and then nothing is changed; what keeps them from being written.
    func change(_ change: (inout Accounts) throws -> Void) throws
}
