/* SPDX-License-Identifier: Apache-2.0 */
/* The variants of a layer as parallel branches of one graph, so that a case stays one zip.
 * A variant that this release refuses or cannot compute is named on stdout and left out. */
package oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

final class Branches {
	private final Write out;
	private final String name;
	private final Map<String, int[]> shapes = new LinkedHashMap<>();
	private final List<INDArray> values = new ArrayList<>();
	private final List<INDArray> masks = new ArrayList<>();
	private final List<Consumer<ComputationGraphConfiguration.GraphBuilder>> steps =
			new ArrayList<>();
	private final Set<String> leaves = new LinkedHashSet<>();
	private final Set<String> used = new LinkedHashSet<>();
	private final Supplier<NeuralNetConfiguration.Builder> start;
	private boolean infer = true;

	Branches(Write out, String name, Supplier<NeuralNetConfiguration.Builder> start) {
		this.out = out;
		this.name = name;
		this.start = start;
	}

	/** The shape of one example: n, or n,t, or c,h,w. */
	Branches input(String input, int... shape) {
		return given(input, Fill.input(shapes.size(), shape), null, shape);
	}

	Branches given(String input, INDArray value, INDArray mask, int... shape) {
		shapes.put(input, shape);
		values.add(value);
		masks.add(mask);
		return this;
	}

	/** Where layers have nIn and preprocessors of their own. */
	Branches withoutInference() {
		infer = false;
		return this;
	}

	Branches add(String vertex, Layer layer, String... from) {
		return add(vertex, g -> g.addLayer(vertex, layer, sources(from)), from);
	}

	Branches add(String vertex, Layer layer, InputPreProcessor before, String... from) {
		return add(vertex, g -> g.addLayer(vertex, layer, before, sources(from)), from);
	}

	Branches add(String vertex, GraphVertex v, String... from) {
		return add(vertex, g -> g.addVertex(vertex, v, sources(from)), from);
	}

	/** One that this release may not be able to make. */
	Branches tryLayer(String vertex, Supplier<Layer> layer, String... from) {
		try {
			return add(vertex, layer.get(), from);
		} catch (Exception e) {
			out.say(name, vertex + " left out", e);
			return this;
		}
	}

	private Branches add(String vertex,
			Consumer<ComputationGraphConfiguration.GraphBuilder> step, String... from) {
		Set<String> before = new LinkedHashSet<>(leaves);

		steps.add(step);
		leaves.add(vertex);
		leaves.removeAll(Arrays.asList(sources(from)));
		try {
			used.addAll(Arrays.asList(sources(from)));
			Flow.graph(net(), inputs(), masks());
		} catch (Exception e) {
			out.say(name, vertex + " left out", e);
			steps.remove(step);
			leaves.clear();
			leaves.addAll(before);
		}
		return this;
	}

	private String[] sources(String... from) {
		return from.length > 0 ? from : new String[] { shapes.keySet().iterator().next() };
	}

	private INDArray[] inputs() {
		return values.toArray(new INDArray[0]);
	}

	private INDArray[] masks() {
		return masks.stream().allMatch(m -> m == null) ? null : masks.toArray(new INDArray[0]);
	}

	private ComputationGraph net() {
		ComputationGraphConfiguration.GraphBuilder graph = start.get().graphBuilder()
				.addInputs(shapes.keySet().toArray(new String[0]));

		Set<String> ends = new LinkedHashSet<>(leaves);

		steps.forEach(s -> s.accept(graph));
		for (String in : shapes.keySet())
			if (!used.contains(in) && ends.add("unused " + in))	/* which alpha refuses */
				graph.addVertex("unused " + in, new MergeVertex(), in);
		graph.setOutputs(ends.toArray(new String[0]));
		if (infer)
			graph.setInputTypes(Write.types(shapes.values().toArray(new int[0][])));
		ComputationGraph net = new ComputationGraph(graph.build());
		net.init();
		Fill.params(net);
		return net;
	}

	void write() throws Exception {
		out.graph(name, net(), infer ? shapes.values().toArray(new int[0][]) : null, inputs(),
				masks());
	}
}
