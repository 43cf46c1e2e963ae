// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore

/// The sheets that are put before people, each of which can be answered once.
extension Doorkeeper {
    /// Takes note that a sheet is put before whoever is signed in.
    ///
    /// - Returns: The word with which it can be answered, once.
    func open(_ sheet: Digest, of run: RunID, for access: Access.Browser) -> String {
        let view = makeToken()
        let opened = Session.View(run: run, sheet: sheet, openedAtMilliseconds: now())
        update(access) { $0.open(opened, as: Tokens.digest(view)) }
        return view
    }

    /// Lets a sheet be answered after all that was taken back for nothing.
    func reopen(_ view: Session.View, as token: String, for access: Access.Browser) {
        update(access) { $0.open(view, as: Tokens.digest(token)) }
    }

    /// Takes back a sheet that was put before somebody.
    ///
    /// - Returns: What was shown and for how many milliseconds; `nil` for what was never shown, or was answered before.
    func close(_ view: String, for access: Access.Browser) -> (view: Session.View, milliseconds: Int64)? {
        var taken: Session.View?
        update(access) { taken = $0.views.removeValue(forKey: Tokens.digest(view)) }
        return taken.map { ($0, max(0, now() - $0.openedAtMilliseconds)) }
    }
}
#endif
