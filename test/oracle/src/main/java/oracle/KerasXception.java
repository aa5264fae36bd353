/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where the two beta7 Xceptions come from: RELEASE WORK CASES, WORK as keras_xception.py left it. Imports
 * each h5 and checks that its configuration and summary are the case's, and its predictions Keras' own.
 */
public final class KerasXception {
	private KerasXception() {
	}

	public static void main(String[] args) throws Exception {
		Path work = Paths.get(args[1]), cases = Paths.get(args[2]);
		check(work, cases.resolve("xception-seed000-beta7"), false);
		check(work, cases.resolve("xception-seed002-beta7"), true);
	}

	private static void check(Path work, Path dir, boolean nchw) throws Exception {
		ComputationGraph net = KerasModelImport.importKerasModelAndWeights(
			work.resolve(dir.getFileName() + ".h5").toString(), false);
		INDArray picture = Nd4j.createFromNpyFile(work.resolve("picture.npy").toFile());
		if (nchw) {
			net = KerasNets.inFormat(net, "NCHW");	/* as the zoo's zips, which are older than NHWC */
			picture = picture.permute(0, 3, 1, 2).dup('c');
		}
		same(dir.resolve("configuration.json"), net.getConfiguration().toJson());
		same(dir.resolve("summary.txt"), net.summary());

		INDArray keras = Nd4j.createFromNpyFile(work.resolve("predictions.npy").toFile());
		double off = net.outputSingle(picture).sub(keras).amaxNumber().doubleValue()
			/ keras.amaxNumber().doubleValue();
		System.out.printf("%s is the import's; predictions are off by %g of the largest%n",
			dir.getFileName(), off);
		if (!(off < 1e-5))
			throw new IllegalStateException("Keras and DL4J differ");
	}

	private static void same(Path file, String text) throws Exception {
		String stored = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
		if (!unseeded(stored).equals(unseeded(text))) {
			Path now = Paths.get("target").resolve(file.getFileName());
			Files.write(now, text.getBytes(StandardCharsets.UTF_8));
			throw new IllegalStateException(file + " differs from " + now);
		}
	}

	/** Without the random seeds, which come from the clock. */
	private static String unseeded(String json) {
		return json.replaceAll("\"seed\" : \\d+", "\"seed\" : 0");
	}
}
