// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

extension RunState {
    /// The form in which a state is kept, so that opening a run need not fold all of it.
    ///
    /// Raised whenever ``apply(_:)`` makes something else of an event, or a member is added, renamed or read differently: a
    /// state of another form is folded anew.
    public static let form = 8

    /// The state as it is kept.
    ///
    /// - Throws: what the encoding of a member throws.
    public func kept() throws -> JSONValue { try JSONValue(encoding: self) }

    /// Takes up a state that was kept; whether it is the right one is for the caller to check.
    ///
    /// - Throws: `DecodingError` when it is no state of this form.
    public init(kept json: JSONValue) throws { self = try json.decode() }
}
