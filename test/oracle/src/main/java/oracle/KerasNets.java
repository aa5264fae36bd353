/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.MergeVertex;
import org.deeplearning4j.nn.modelimport.keras.KerasLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import weka.dl4j.layers.lambda.CustomBroadcast;

/**
 * Goldens of the nets that keras_nets.py left in WORK, imported: RELEASE WORK CASES_DIR DUMP_DIR NET...
 * Checks that DL4J predicts what Keras does, then writes the case as oracle.Zoo does.
 */
public final class KerasNets {
	private KerasNets() {
	}

	public static void main(String[] args) throws Exception {
		Path work = Paths.get(args[1]);
		for (int i = 4; i < args.length; i++) {
			String name = args[i] + "-" + args[0];
			System.out.println("== " + name);
			ComputationGraph net = load(work.resolve(args[i] + ".h5").toString());
			golden(net, formatOf(net, args[0]), work.resolve(args[i]).toString(),
				Paths.get(args[2]).resolve(name), Paths.get(args[3]).resolve(name));
		}
	}

	private static void golden(ComputationGraph net, String format, String file, Path dir, Path dump)
			throws Exception {
		INDArray picture = Nd4j.createFromNpyFile(Paths.get(file + ".picture.npy").toFile());
		INDArray keras = Nd4j.createFromNpyFile(Paths.get(file + ".predictions.npy").toFile());
		long[] s = picture.shape();
		net = inFormat(net, format);
		if (format.equals("NCHW"))
			picture = picture.permute(0, 3, 1, 2).dup('c');
		double off = net.outputSingle(picture).sub(keras).amaxNumber().doubleValue()
			/ keras.amaxNumber().doubleValue();
		System.out.printf("predictions are off Keras' by %g of the largest%n", off);
		if (!(off < 1e-4))
			throw new IllegalStateException("Keras and DL4J differ");

		if (file.endsWith("norms")) {
			small(net, picture, file, dir);
			return;
		}
		boolean norms = net.getNumLayers() > 30;	/* all but the VGGs */
		Large large = new Large(dir, dump).samples(net.getNumLayers() > 200 ? 6 : 12).minified()
			.gains(norms ? 3 : 6, 3);
		long[] each = Arrays.copyOfRange(picture.shape(), 1, 4);
		large.write(net, InputType.convolutional(s[1], s[2], s[3], CNN2DFormat.valueOf(format)), each);
	}

	/** As imported, with Keras' own table. */
	private static void small(ComputationGraph net, INDArray picture, String file, Path dir)
			throws Exception {
		InputType type = InputType.convolutional(picture.size(1), picture.size(2), picture.size(3),
			CNN2DFormat.NHWC);
		String[] name = dir.getFileName().toString().split("-");
		new Write(name[1], dir.getParent()).graph(name[0], net, new InputType[] {type},
			Fill.inputs(type));
		Files.copy(Paths.get(file + ".txt"), dir.resolve("summary-keras.txt"),
			StandardCopyOption.REPLACE_EXISTING);
	}

	/**
	 * Import leaves the convolutions behind a Reshape NCHW, with which a net that is otherwise NHWC does not
	 * run. beta7 forgets in its zips that a MergeVertex is NHWC: there, nets that merge become NCHW.
	 */
	private static String formatOf(ComputationGraph net, String release) {
		boolean merges = false;
		for (GraphVertex vertex : net.getVertices())
			merges |= vertex instanceof MergeVertex;
		return merges && release.equals("beta7") ? "NCHW" : "NHWC";
	}

	/** The same net with all layers in this format. */
	static ComputationGraph inFormat(ComputationGraph net, String format) {
		ComputationGraph copy = new ComputationGraph(ComputationGraphConfiguration.fromJson(
			inFormat(net.getConfiguration().toJson(), format)));
		copy.init(net.params(), true);
		return copy;
	}

	static String inFormat(String json, String format) {
		String other = format.equals("NCHW") ? "NHWC" : "NCHW";
		json = json.replace('"' + other + '"', '"' + format + '"');
		if (format.equals("NCHW"))
			json = json.replace("\"poolingDimensions\" : [ 1, 2 ]", "\"poolingDimensions\" : [ 2, 3 ]");
		return json;
	}

	private static ComputationGraph load(String file) throws Exception {
		registerBroadcasts(file);
		return KerasModelImport.importKerasModelAndWeights(file, false);
	}

	/** The lambda layers tell their pictures' side in their names. */
	static void registerBroadcasts(String file) throws Exception {
		String text = new String(Files.readAllBytes(Paths.get(file)), StandardCharsets.ISO_8859_1);
		Matcher m = Pattern.compile("broadcast_w(\\d+)_d\\d+_\\d+").matcher(text);
		while (m.find())
			KerasLayer.registerLambdaLayer(m.group(), new CustomBroadcast(Long.parseLong(m.group(1))));
	}
}
