/* SPDX-License-Identifier: Apache-2.0 */
/* What a vertex of a graph puts out. Asked for an inner vertex, DL4J either throws (a workspace is
 * left open, or not yet open) or shows values that an in-place activation has overwritten since.
 * So we let DL4J run the part of the graph that the vertex needs, and one vertex more behind it. */
package oracle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class Cut {
	private static final String TAP = "tap of the oracle";

	private Cut() { }

	static INDArray output(ComputationGraph net, String vertex, INDArray[] inputs,
			INDArray[] masks) {
		return output(net.getConfiguration(), cut -> copyParams(net, cut), vertex, inputs, masks);
	}

	static INDArray output(ComputationGraphConfiguration whole, Consumer<ComputationGraph> fill,
			String vertex, INDArray[] inputs, INDArray[] masks) {
		ComputationGraphConfiguration conf =
				ComputationGraphConfiguration.fromJson(whole.toJson());	/* clone() loses fields */
		Set<String> needed = ancestors(conf, vertex);

		conf.getVertices().keySet().retainAll(needed);
		conf.getVertexInputs().keySet().retainAll(needed);
		conf.getVertices().put(TAP, tap(TAP));
		conf.getVertexInputs().put(TAP, List.of(vertex));
		conf.setNetworkOutputs(List.of(TAP));
		conf.setTopologicalOrder(null);
		conf.setTopologicalOrderStr(null);
		ComputationGraph cut = new ComputationGraph(conf);
		cut.init();
		fill.accept(cut);
		try {
			return cut.output(false, fresh(Moved.type(conf), inputs),
					fresh(Moved.type(conf), masks))[0];
		} catch (RuntimeException | Error e) {
			leaveWorkspaces();
			throw e;
		}
	}

	/** A vertex that hands its input on. Before beta4, which multiplies the elements of a view in
	 * the wrong order, a layer that does nothing. */
	private static GraphVertex tap(String name) {
		if (Moved.hasTypes())
			return new ScaleVertex(1);
		return new LayerVertex(new NeuralNetConfiguration.Builder()
				.layer(new ActivationLayer.Builder().name(name)
				.activation(Activation.IDENTITY).build()).build(), null);
	}

	/** All vertices in one pass, which not every graph survives: much faster, for many graphs. */
	static Map<String, INDArray> outputs(ComputationGraph net, INDArray... inputs) {
		ComputationGraphConfiguration conf = ComputationGraphConfiguration
				.fromJson(net.getConfiguration().toJson());
		List<String> names = new ArrayList<>(conf.getVertices().keySet());
		List<String> taps = new ArrayList<>();
		Map<String, INDArray> found = new HashMap<>();

		for (String name : names) {
			taps.add(TAP + " " + name);
			conf.getVertices().put(TAP + " " + name, tap(TAP + " " + name));
			conf.getVertexInputs().put(TAP + " " + name, List.of(name));
		}
		conf.setNetworkOutputs(taps);
		conf.setTopologicalOrder(null);
		conf.setTopologicalOrderStr(null);
		ComputationGraph whole = new ComputationGraph(conf);
		whole.init();
		copyParams(net, whole);
		try {
			INDArray[] outputs = whole.output(false, fresh(Moved.type(conf), inputs));
			for (int i = 0; i < outputs.length; i++)
				found.put(names.get(i), outputs[i]);
		} catch (RuntimeException e) {
			leaveWorkspaces();
			for (String name : names)
				found.put(name, output(net, name, inputs, null));
		}
		return found;
	}

	/** Copies, for DL4J may write to what it gets. */
	static INDArray[] fresh(String type, INDArray... arrays) {
		return arrays == null ? null : Stream.of(arrays)
				.map(a -> a == null ? null : Moved.cast(a, type).dup()).toArray(INDArray[]::new);
	}

	/** The values of `from` for every parameter of `to`. */
	private static void copyParams(ComputationGraph from, ComputationGraph to) {
		var source = from.paramTable();

		to.paramTable().forEach((key, p) -> p.assign(source.get(key)));
	}

	private static Set<String> ancestors(ComputationGraphConfiguration conf, String vertex) {
		Set<String> seen = new HashSet<>();
		Deque<String> todo = new ArrayDeque<>(List.of(vertex));

		while (!todo.isEmpty()) {
			String v = todo.pop();
			if (seen.add(v))
				todo.addAll(conf.getVertexInputs().getOrDefault(v, List.of()));
		}
		return seen;
	}

	/** A failed pass leaves its workspaces open, which spoils the next one. */
	static void leaveWorkspaces() {
		for (MemoryWorkspace w; (w = Moved.workspace()) != null; )
			w.close();
		Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
	}
}
