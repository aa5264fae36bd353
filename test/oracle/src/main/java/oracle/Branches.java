/* SPDX-License-Identifier: Apache-2.0 */
/* The variants of a layer as parallel branches of one graph, so that a case stays one zip.
 * A variant that this release refuses or cannot compute is named on stdout and left out. */
package oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

final class Branches {
	private interface Step {
		void addTo(ComputationGraphConfiguration.GraphBuilder graph);
	}

	private final Write out;
	private final String name;
	private final Map<String, InputType> inputs = new LinkedHashMap<>();
	private final Map<String, INDArray> values = new LinkedHashMap<>();
	private final Map<String, INDArray> masks = new LinkedHashMap<>();
	private final List<Step> steps = new ArrayList<>();
	private final Set<String> leaves = new LinkedHashSet<>();
	private boolean infer = true;
	private boolean typed = true;

	Branches(Write out, String name) {
		this.out = out;
		this.name = name;
	}

	Branches input(String input, InputType type) {
		return input(input, type, null);
	}

	Branches input(String input, InputType type, INDArray value) {
		return input(input, type, value, null);
	}

	/** A mask [n,t] is 1 where a step counts. */
	Branches input(String input, InputType type, INDArray value, INDArray mask) {
		inputs.put(input, type);
		values.put(input, value);
		masks.put(input, mask);
		return this;
	}

	/** For graphs whose shapes DL4J computes but cannot infer: layers need their own nIn. */
	Branches withoutInference() {
		infer = false;
		return this;
	}

	/** For graphs whose shapes DL4J tells otherwise than it computes them. */
	Branches untyped() {
		typed = false;
		return withoutInference();
	}

	Branches add(String vertex, Layer layer, String... from) {
		return add(vertex, g -> g.addLayer(vertex, layer.clone(), sources(from)), from);
	}

	/** Made here, so that the case goes on without it where a release knows no such thing. */
	Branches addNewer(String vertex, Supplier<Layer> layer, String... from) {
		return add(vertex, (Step) g -> g.addLayer(vertex, layer.get(), sources(from)), from);
	}

	Branches add(String vertex, Layer layer, InputPreProcessor before, String... from) {
		return add(vertex, g -> g.addLayer(vertex, layer.clone(), before, sources(from)), from);
	}

	Branches add(String vertex, GraphVertex v, String... from) {
		return add(vertex, g -> g.addVertex(vertex, v.clone(), sources(from)), from);
	}

	private Branches add(String vertex, Step step, String... from) {
		Set<String> before = new LinkedHashSet<>(leaves);

		steps.add(step);
		leaves.add(vertex);
		leaves.removeAll(List.of(sources(from)));
		try {
			Cut.output(conf(), Fill::params, vertex, arrays(), masks());
		} catch (Exception | LinkageError e) {
			out.say(name, vertex + " left out", e);
			steps.remove(step);
			leaves.clear();
			leaves.addAll(before);
		}
		return this;
	}

	private String[] sources(String... from) {
		return from.length > 0 ? from : new String[] { inputs.keySet().iterator().next() };
	}

	private InputType[] types() {
		return inputs.values().toArray(new InputType[0]);
	}

	private INDArray[] arrays() {
		INDArray[] arrays = Fill.inputs(types());
		int i = 0;

		for (INDArray value : values.values()) {
			if (value != null)
				arrays[i] = value;
			i++;
		}
		return arrays;
	}

	/** Null when there are none. */
	private INDArray[] masks() {
		boolean any = masks.values().stream().anyMatch(m -> m != null);

		return any ? masks.values().toArray(new INDArray[0]) : null;
	}

	private ComputationGraphConfiguration conf() {
		var graph = new NeuralNetConfiguration.Builder().seed(1)
				.activation(Activation.IDENTITY).graphBuilder()
				.addInputs(inputs.keySet())
				.validateOutputLayerConfig(false).allowDisconnected(true);

		for (Step step : steps)
			step.addTo(graph);
		graph.setOutputs(leaves.toArray(new String[0]));
		if (infer)
			graph.setInputTypes(types());
		return graph.build();
	}

	void write() throws Exception {
		ComputationGraph net = new ComputationGraph(conf());

		net.init();
		Fill.params(net);
		out.graph(name, net, typed ? types() : null, arrays(), masks());
	}
}
