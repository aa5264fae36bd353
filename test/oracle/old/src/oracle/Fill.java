/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for parameters and inputs. Each depends only on the array's name and the number's
 * place in it, as in the newer releases' oracle. */
package oracle;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class Fill {
	static final int BATCH = 3;

	private Fill() { }

	/** Number i of a stream, in [lo, hi): the finalizer of splitmix64 over a counter. */
	static double uniform(String stream, long i, double lo, double hi) {
		long z = (stream.hashCode() * 0x100000001b3L) + (i + 1) * 0x9e3779b97f4a7c15L;

		z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
		z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
		z ^= z >>> 31;
		return lo + (hi - lo) * ((z >>> 11) * 0x1.0p-53);
	}

	static INDArray array(String stream, double lo, double hi, int... shape) {
		int n = 1;

		for (int d : shape)
			n *= d;
		float[] values = new float[n];
		for (int i = 0; i < n; i++)
			values[i] = (float) uniform(stream, i, lo, hi);
		return Nd4j.create(values, shape, 'c');
	}

	/** A batch of both signs for input i. */
	static INDArray input(int i, int... example) {
		int[] shape = new int[example.length + 1];

		shape[0] = BATCH;
		System.arraycopy(example, 0, shape, 1, example.length);
		return array("input" + i, -2, 2, shape);
	}

	/** A batch of indices below n, [batch,1]. */
	static INDArray indices(String stream, int n) {
		INDArray a = array(stream, 0, n, BATCH, 1);

		for (int i = 0; i < BATCH; i++)
			a.putScalar(new int[] { i, 0 }, Math.floor(a.getDouble(i, 0)));
		return a;
	}

	static void params(ComputationGraph net) {
		for (Layer layer : net.getLayers())
			params(layer.conf().getLayer().getLayerName(), layer);
	}

	static void params(MultiLayerNetwork net) {
		for (int i = 0; i < net.getnLayers(); i++)
			params("layer" + i, net.getLayer(i));
	}

	private static void params(String name, Layer layer) {
		if (layer.paramTable() == null)
			return;
		for (Map.Entry<String, INDArray> p : layer.paramTable().entrySet())
			param(name, p.getKey(), p.getValue());
	}

	private static void param(String layer, String key, INDArray p) {
		double lo = -0.5;
		double hi = 0.5;

		if (key.equals("gamma")) {
			lo = 0.5;
			hi = 1.5;
		} else if (key.equals("var")) {
			lo = 0.1;
			hi = 2;
		} else if (p.rank() > 1 && p.size(0) > 1) {
			double fanIn = p.rank() == 2 ? p.size(0) : p.length() / p.size(0);
			hi = Math.sqrt(3.0 / fanIn);
			lo = -hi;
		}
		p.assign(array(layer + "/" + key, lo, hi, p.shape()));
	}
}
