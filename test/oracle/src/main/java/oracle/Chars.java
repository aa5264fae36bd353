/* SPDX-License-Identifier: Apache-2.0 */
/* The model of examples/chars.c, and what DL4J goes on to write with it: a network that has learned
 * one sentence, letter by letter. java oracle.Chars RELEASE FOLDER */
package oracle;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

public final class Chars {
	private static final String TEXT = "the rain in spain stays mainly in the plain. ";
	private static final String START = "the r";
	private static final int LENGTH = 120;

	private Chars() { }

	public static void main(String[] args) throws Exception {
		Path dir = Path.of(args[1]);
		String alphabet = TEXT.chars().sorted().distinct()
				.mapToObj(c -> Character.toString(c)).collect(Collectors.joining());
		MultiLayerNetwork net = train(alphabet);
		File zip = dir.resolve("model.zip").toFile();

		Files.createDirectories(dir);
		ModelSerializer.writeModel(net, zip, false);
		Files.writeString(dir.resolve("alphabet"), alphabet);
		Files.writeString(dir.resolve("written"),
				write(ModelSerializer.restoreMultiLayerNetwork(zip, false), alphabet) + "\n");
		System.exit(0);
	}

	private static INDArray letters(String text, String alphabet) {
		INDArray a = Nd4j.zeros(1, alphabet.length(), text.length());

		for (int t = 0; t < text.length(); t++)
			a.putScalar(new int[] { 0, alphabet.indexOf(text.charAt(t)), t }, 1);
		return a;
	}

	private static MultiLayerNetwork train(String alphabet) {
		MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().seed(1)
			.updater(new Adam(0.02)).list()
			.layer(new LSTM.Builder().nIn(alphabet.length()).nOut(24)
				.activation(Activation.TANH).build())
			.layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(24)
				.nOut(alphabet.length()).activation(Activation.SOFTMAX).build()).build());
		String twice = TEXT + TEXT;
		DataSet data = new DataSet(letters(twice.substring(0, twice.length() - 1), alphabet),
				letters(twice.substring(1), alphabet));

		net.init();
		for (int i = 0; i < 300; i++)
			net.fit(data);
		return net;
	}

	/** Each time the likeliest letter. */
	private static String write(MultiLayerNetwork net, String alphabet) {
		StringBuilder text = new StringBuilder(START);

		net.rnnClearPreviousState();
		for (int t = 0; t < START.length() + LENGTH - 1; t++) {
			INDArray next = net.rnnTimeStep(letters(text.substring(t, t + 1), alphabet));
			if (t >= START.length() - 1)
				text.append(alphabet.charAt(next.reshape(alphabet.length()).argMax(0)
						.getInt(0)));
		}
		return text.toString();
	}
}
