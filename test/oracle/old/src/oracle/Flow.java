/* SPDX-License-Identifier: Apache-2.0 */
/* What every vertex or layer puts out in inference: each one's own forward pass, on copies. These
 * releases' output() lets layers that work in place overwrite what other vertices read. */
package oracle;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

final class Flow {
	private Flow() { }

	static Map<String, INDArray> graph(ComputationGraph net, INDArray[] inputs, INDArray[] masks) {
		GraphVertex[] vertices = net.getVertices();
		Map<String, INDArray> values = new LinkedHashMap<>();

		net.setInputs(copies(inputs));
		if (masks != null)
			net.setLayerMaskArrays(copies(masks), null);
		for (int i : net.topologicalSortOrder()) {
			GraphVertex v = vertices[i];
			if (v.isInputVertex()) {
				int at = net.getConfiguration().getNetworkInputs().indexOf(v.getVertexName());
				values.put(v.getVertexName(), inputs[at]);
				continue;
			}
			VertexIndices[] from = v.getInputVertices();
			for (int k = 0; k < from.length; k++)
				v.setInput(k, values.get(vertices[from[k].getVertexIndex()].getVertexName())
						.dup());
			values.put(v.getVertexName(), v.doForward(false).dup());
		}
		if (masks != null)
			net.clearLayerMaskArrays();
		return values;
	}

	static Map<String, INDArray> chain(MultiLayerNetwork net, INDArray input) {
		Map<String, INDArray> values = new LinkedHashMap<>();
		INDArray x = input;

		for (int i = 0; i < net.getnLayers(); i++) {
			InputPreProcessor before = net.getLayerWiseConfigurations().getInputPreProcess(i);
			Layer layer = net.getLayer(i);
			String name = layer.conf().getLayer().getLayerName();
			x = x.dup();
			if (before != null)
				x = before.preProcess(x, (int) input.size(0)).dup();
			layer.setInputMiniBatchSize((int) input.size(0));
			x = layer.activate(x, false).dup();
			values.put(name == null ? "" + i : name, x);
		}
		return values;
	}

	static INDArray[] copies(INDArray... arrays) {
		INDArray[] copies = new INDArray[arrays.length];

		for (int i = 0; i < arrays.length; i++)
			copies[i] = arrays[i] == null ? null : arrays[i].dup();
		return copies;
	}
}
