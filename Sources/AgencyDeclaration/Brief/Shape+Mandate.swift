// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension Shape where Value == [Mandate] {
    /// What may be done without a question, each under a name of its own.
    static var mandates: Shape {
        Shape { node, faults in
            guard let mandates = Shape<[Mandate]>.list(of: .mandate).read(node, faults) else { return nil }
            for (index, mandate) in mandates.enumerated()
            where mandates[..<index].contains(where: { $0.id == mandate.id }) {
                faults.add(node.mark, "two mandates are called “\(mandate.id.shortened)”", hint: "rename one of them")
            }
            return mandates
        }
    }
}

extension Shape where Value == Mandate {
    /// A predicate over what calls do, to whom and how much.
    static var mandate: Shape {
        Shape { node, faults in
            guard let json = node.json(faults) else { return nil }
            if let fault = DeclarationSchema.mandate.validate(json).first {
                let hint = "see docs/policy.md; agency schema brief prints the shape"
                faults.add(node.mark, "this is no mandate: \(fault.description.shortened)", hint: hint)
                return nil
            }
            guard let mandate = try? json.decode(Mandate.self) else {
                faults.add(node.mark, "this is no mandate", hint: "agency schema brief prints the shape")
                return nil
            }
            if let fault = mandate.fault {
                faults.add(node.mark, "mandate “\(mandate.id.shortened)” \(fault)", hint: "see docs/policy.md")
                return nil
            }
            return mandate
        }
    }
}
