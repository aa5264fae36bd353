/* SPDX-License-Identifier: Apache-2.0 */
/* DL4J's own time for a run of a network of either kind: RELEASE ZIP BATCH RUNS [SHAPE]. SHAPE is an
 * example's, as the net takes it. Prints the median; two runs before it are not counted. */
package oracle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.zip.ZipFile;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;

final class Bench {
	private Bench() { }

	private static UnaryOperator<INDArray> network(File zip) throws Exception {
		try (ZipFile file = new ZipFile(zip)) {
			String json = new String(file.getInputStream(
					file.getEntry("configuration.json")).readAllBytes(), UTF_8);
			return json.contains("\"confs\"")
					? ModelSerializer.restoreMultiLayerNetwork(zip, false)::output
					: ModelSerializer.restoreComputationGraph(zip, false)::outputSingle;
		}
	}

	public static void main(String[] args) throws Exception {
		int batch = Integer.parseInt(args[2]);
		int runs = Integer.parseInt(args[3]);
		String example = args.length > 4 ? args[4] : "3,299,299";
		long[] shape = Arrays.stream((batch + "," + example).split(","))
				.mapToLong(Long::parseLong).toArray();
		UnaryOperator<INDArray> net = network(new File(args[1]));
		INDArray input = Fill.array("bench", -1, 1, shape);
		double[] ms = new double[runs];

		for (int i = -2; i < runs; i++) {
			long start = System.nanoTime();

			net.apply(input);
			if (i >= 0)
				ms[i] = (System.nanoTime() - start) / 1e6;
		}
		Arrays.sort(ms);
		System.out.printf(Locale.ROOT, "dl4j %s batch %d median_ms %.1f%n", args[0], batch,
				(ms[runs / 2] + ms[(runs - 1) / 2]) / 2);
	}
}
