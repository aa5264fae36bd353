/* SPDX-License-Identifier: Apache-2.0 */
/* DL4J's own time for a run of a ComputationGraph: RELEASE ZIP BATCH RUNS [SHAPE]. SHAPE is an
 * example's, as the net takes it. Prints the median; two runs before it are not counted. */
package oracle;

import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;

final class Bench {
	private Bench() { }

	public static void main(String[] args) throws Exception {
		int batch = Integer.parseInt(args[2]);
		int runs = Integer.parseInt(args[3]);
		String example = args.length > 4 ? args[4] : "3,299,299";
		long[] shape = Arrays.stream((batch + "," + example).split(","))
				.mapToLong(Long::parseLong).toArray();
		ComputationGraph net = ModelSerializer.restoreComputationGraph(new File(args[1]), false);
		INDArray input = Fill.array("bench", -1, 1, shape);
		double[] ms = new double[runs];

		for (int i = -2; i < runs; i++) {
			long start = System.nanoTime();

			net.outputSingle(input);
			if (i >= 0)
				ms[i] = (System.nanoTime() - start) / 1e6;
		}
		Arrays.sort(ms);
		System.out.printf(Locale.ROOT, "dl4j %s batch %d median_ms %.1f%n", args[0], batch,
				(ms[runs / 2] + ms[(runs - 1) / 2]) / 2);
	}
}
