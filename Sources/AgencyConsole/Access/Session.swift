// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime

/// A person who is signed in, in one browser.
struct Session: Sendable {
    /// Who it is.
    let person: Person
    /// The account, whose role is looked up whenever something is asked for; `nil` for whoever reads the terminal.
    let account: String?
    /// What was kept of the password with which it was begun: a session lasts no longer than its password.
    let password: PasswordHash?
    /// What signs the choices of the person; `nil` for whoever reads the terminal, for whom the desk does.
    let desk: Desk?
    /// The word that every form of this session carries.
    let formToken: String
    let begunAtMilliseconds: Int64
    var seenAtMilliseconds: Int64
    /// When the person last showed a password or a link.
    var provenAtMilliseconds: Int64
    /// The sheets that were put before the person and not yet answered.
    var views: [Digest: View] = [:]

    /// A sheet on a page, from when on it can be answered once.
    struct View: Sendable, Hashable {
        var run: RunID
        var sheet: Digest
        var openedAtMilliseconds: Int64
    }

    /// For how long a person may do nothing.
    static let idle: Int64 = 60 * 60 * 1000
    /// For how long a person is signed in at most.
    static let longest: Int64 = 12 * 60 * 60 * 1000
    /// For how long a password or link counts where the stakes are high.
    static let proof: Int64 = 5 * 60 * 1000
    /// The most sheets that are open at once; the oldest gives way.
    static let maximumViews = 64

    func isOver(at now: Int64) -> Bool {
        now - seenAtMilliseconds > Self.idle || now - begunAtMilliseconds > Self.longest
    }

    /// Whether the person has shown lately who it is.
    func isFresh(at now: Int64) -> Bool { now - provenAtMilliseconds <= Self.proof }

    /// Takes note that a sheet is put before the person.
    mutating func open(_ view: View, as token: Digest) {
        if views.count >= Self.maximumViews,
            let oldest = views.min(by: { $0.value.openedAtMilliseconds < $1.value.openedAtMilliseconds })
        {
            views[oldest.key] = nil
        }
        views[token] = view
    }
}
