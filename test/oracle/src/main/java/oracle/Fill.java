/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for parameters and inputs. Each depends only on the array's name and the number's
 * place in it, so a new branch in a case changes nothing in the others. */
package oracle;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class Fill {
	private Fill() { }

	/** Number i of a stream, in [lo, hi): the finalizer of splitmix64 over a counter. */
	static double uniform(String stream, long i, double lo, double hi) {
		long z = (stream.hashCode() * 0x100000001b3L) + (i + 1) * 0x9e3779b97f4a7c15L;

		z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
		z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
		z ^= z >>> 31;
		return lo + (hi - lo) * ((z >>> 11) * 0x1.0p-53);
	}

	static INDArray array(String stream, double lo, double hi, long... shape) {
		int n = 1;

		for (long d : shape)
			n *= d;
		float[] values = new float[n];
		for (int i = 0; i < n; i++)
			values[i] = (float) uniform(stream, i, lo, hi);
		return Nd4j.create(values, new int[] { n }).reshape(shape);
	}

	/** Batches of both signs, input i of a net from stream "input<i>". */
	static INDArray[] inputs(InputType... types) {
		INDArray[] inputs = new INDArray[types.length];

		for (int i = 0; i < types.length; i++) {
			long[] shape = types[i].getShape(true);
			shape[0] = Write.BATCH;
			inputs[i] = array("input" + i, -2, 2, shape);
		}
		return inputs;
	}

	static void params(ComputationGraph net) {
		for (Layer layer : net.getLayers())
			params(layer);
	}

	static void params(MultiLayerNetwork net) {
		for (Layer layer : net.getLayers())
			params(layer);
	}

	private static void params(Layer layer) {
		if (layer.paramTable() == null)
			return;
		for (var p : layer.paramTable().entrySet())
			param(layer.conf().getLayer().getLayerName(), p.getKey(), p.getValue());
	}

	private static void param(String layer, String key, INDArray p) {
		double lo = -0.5;
		double hi = 0.5;

		if (key.equals("gamma") || key.equals("g")) {
			lo = 0.5;
			hi = 1.5;
		} else if (key.equals("var")) {
			lo = 0.1;
			hi = 2;
		} else if (p.rank() > 1 && p.size(0) > 1) {
			long fanIn = p.rank() == 2 ? p.size(0) : p.length() / p.size(0);
			hi = Math.sqrt(3.0 / fanIn);
			lo = -hi;
		}
		p.assign(array(layer + "/" + key, lo, hi, p.shape()));
	}
}
