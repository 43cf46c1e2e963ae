// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import Hummingbird
import NIOCore

/// What goes with a request on its way through the console.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who asks, where that is known.
    var access: Access?

    /// Looks once more who asks: what is sent can take its time, in which a session ends or a role changes.
    var renew: @Sendable () throws -> Access? = { nil }

    /// The port that the request came to.
    let port: Int?

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        port = source.channel.localAddress?.port
    }

    /// The run that the path names.
    ///
    /// - Throws: ``Fault`` for the register, which is for admins.
    func run() throws -> RunID {
        let run = RunID(try parameters.require("run"))
        guard run != Register.run else { throw Fault(.notFound, "There is no run “\(run)” here.") }
        return run
    }

    /// Makes sure that whoever asks may.
    ///
    /// - Parameters:
    ///   - permission: What it takes.
    ///   - onPage: Whether it is on a page, which is for people alone.
    /// - Throws: ``Fault``, which leads those who are not signed in to the page for it.
    func require(_ permission: Permission, onPage: Bool) throws {
        let access = try signedIn()
        guard !onPage || access.browser != nil else {
            throw Fault(.forbidden, "A program's token is for what stands below /api.")
        }
        guard access.grants.contains(permission) else {
            throw Fault(.forbidden, "You may not do this: it takes somebody who may \(permission.rawValue).")
        }
    }

    /// The same for who asks now, when all that was sent has arrived.
    ///
    /// - Throws: as ``require(_:onPage:)`` does.
    func renewed(_ permission: Permission, onPage: Bool) throws -> ConsoleContext {
        var context = self
        context.access = try renew()
        try context.require(permission, onPage: onPage)
        return context
    }

    /// Makes sure that whoever does something grave has just shown who they are, where much is at stake.
    ///
    /// - Throws: ``Fault`` that says how to show it.
    func requireFresh(for state: RunState, at now: Int64) throws {
        guard state.stakes == .high, try !browser().session.isFresh(at: now) else { return }
        throw Fault(
            .forbidden,
            "Much is at stake, and you signed in some time ago. Show on the page of your account (the name at the top right) that "
                + "it is still you, then do it again; nothing was done."
        )
    }

    /// Who asks.
    func signedIn() throws -> Access {
        guard let access else { throw Fault(.unauthorized, "You are not signed in, or no longer.") }
        return access
    }

    /// Who is signed in, in this browser.
    func browser() throws -> Access.Browser {
        guard let browser = try signedIn().browser else {
            throw Fault(.forbidden, "A program's token is for what stands below /api.")
        }
        return browser
    }
}
#endif
