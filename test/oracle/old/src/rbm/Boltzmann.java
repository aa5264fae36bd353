/* SPDX-License-Identifier: Apache-2.0 */
/* The RBM, which 1.0.0-alpha dropped: each kind of hidden unit but GAUSSIAN, which puts out noise. */
package oracle;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.RBM;

final class Boltzmann {
	private Boltzmann() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("rbm", Boltzmann::rbm);
	}

	private static void rbm(Write out, String name) throws Exception {
		Branches b = new Branches(out, name, () -> new NeuralNetConfiguration.Builder().seed(1))
				.input("in", 6).withoutInference();

		for (RBM.HiddenUnit unit : RBM.HiddenUnit.values())
			if (unit != RBM.HiddenUnit.GAUSSIAN)
				b.add(unit.name().toLowerCase(), new RBM.Builder(unit, RBM.VisibleUnit.BINARY)
					.nIn(6).nOut(4).build());
		b.add("next", new RBM.Builder(RBM.HiddenUnit.BINARY, RBM.VisibleUnit.BINARY).nIn(4)
			.nOut(3).build(), "binary").write();
	}
}
