// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import Hummingbird
import NIOCore

/// What goes with a request on its way through the console.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who asks, where that is known.
    var access: Access?

    /// The port that the request came to.
    let port: Int?

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        port = source.channel.localAddress?.port
    }

    /// The run that the path names.
    func run() throws -> RunID { RunID(try parameters.require("run")) }

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
